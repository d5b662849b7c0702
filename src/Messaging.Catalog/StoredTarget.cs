using System.Text.Json;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;

namespace Messaging.Catalog;

/// <summary>A subscription's target in the words of the API: one of queue, url, email, function and gateway says its kind.</summary>
internal sealed record StoredTarget
{
    private const string Json = "json";

    public QueueName? Queue { get; init; }

    public string? Url { get; init; }

    public string? Email { get; init; }

    /// <summary>Of a mail; null is text.</summary>
    public string? Format { get; init; }

    public string? Function { get; init; }

    public GatewayProtocol? Gateway { get; init; }

    /// <summary>Of a gateway.</summary>
    public string? Endpoint { get; init; }

    public static StoredTarget Of(SubscriptionTarget target) => target switch
    {
        SubscriptionTarget.OfQueue queue => new StoredTarget { Queue = queue.Queue },
        SubscriptionTarget.OfEndpoint endpoint => new StoredTarget { Url = endpoint.Url },
        SubscriptionTarget.OfMail mail => new StoredTarget { Email = mail.Address, Format = mail.IsJson ? Json : null },
        SubscriptionTarget.OfFunction function => new StoredTarget { Function = function.Url },
        SubscriptionTarget.OfGateway gateway => new StoredTarget { Gateway = gateway.Protocol, Endpoint = gateway.Endpoint },
        _ => throw new System.Diagnostics.UnreachableException("A target has no case."),
    };

    /// <exception cref="JsonException">Not a target that this build knows.</exception>
    public SubscriptionTarget ToTarget() => this switch
    {
        { Queue: { } queue } => new SubscriptionTarget.OfQueue(queue),
        { Url: { } url } => new SubscriptionTarget.OfEndpoint(url),
        { Email: { } address, Format: null or Json } => new SubscriptionTarget.OfMail(address, Format == Json),
        { Function: { } function } => new SubscriptionTarget.OfFunction(function),
        { Gateway: { } protocol, Endpoint: { } endpoint } => new SubscriptionTarget.OfGateway(protocol, endpoint),
        _ => throw new JsonException("A target is a queue, a url, an email, a function or a gateway."),
    };
}
