namespace Messaging.Push;

/// <summary>What an operator decides about deliveries to endpoints of HTTP. Bound once in the host.</summary>
public sealed class PushOptions
{
    /// <summary>
    /// Whether endpoints may be in loopback, private and other networks that are not the Internet's. Off by default: whoever may subscribe would else make this server call services that only it can reach.
    /// What is no endpoint for anybody, such as a cloud's metadata service, stays refused.
    /// </summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>From the look-up of the name to the head of the answer. SNS's is 15 seconds.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Deliveries at one time, of all subscriptions: 1 to <see cref="PushLimits.InFlightMax"/>.</summary>
    public int Concurrency { get; set; } = 512;

    /// <summary>Where SMS, mobile push and delivery streams go; null: nowhere, and they are tried again. The operator chose it, so that private networks are fine.</summary>
    public Uri? GatewayUrl { get; set; }

    /// <summary>For the answer's body, once its status is known: nothing depends on it but what an operator reads.</summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an endpoint that only fails is left alone.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);

    internal PushOptions ForGateway() => new()
    {
        AllowPrivateNetworks = true, Concurrency = Concurrency, GatewayUrl = GatewayUrl, AttemptTimeout = AttemptTimeout, AnswerTimeout = AnswerTimeout, BreakDuration = BreakDuration,
    };
}
