namespace Messaging.Broker.Subscriptions;

/// <summary>What an operator's gateway does with a message. The numbers stand in the catalog.</summary>
public enum GatewayProtocol
{
    /// <summary>A text message to a telephone number.</summary>
    Sms = 0,

    /// <summary>A notification to an endpoint of mobile push.</summary>
    Application = 1,

    /// <summary>A record of a delivery stream.</summary>
    Firehose = 2,
}
