namespace Messaging.Broker.Subscriptions;

/// <summary>What a filter looks at; the words of Amazon SNS are MessageAttributes and MessageBody.</summary>
public enum FilterScope
{
    /// <summary>The message's attributes.</summary>
    Attributes,

    /// <summary>The body, which is JSON then.</summary>
    Body,
}
