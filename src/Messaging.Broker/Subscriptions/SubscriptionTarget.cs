using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Broker.Subscriptions;

/// <summary>Where a subscription's messages go: one of a closed set, compared by content. Immutable. An endpoint may hold a password, so that its text names the kind alone.</summary>
public abstract record SubscriptionTarget
{
    private SubscriptionTarget()
    {
    }

    /// <summary>It is no queue of ours: what is for it waits in a delivery queue of the subscription, and is pushed from there.</summary>
    public bool IsPushed => this is not OfQueue;

    /// <summary>Whoever is behind it has to agree before it gets anything.</summary>
    internal bool AsksFirst => this is OfEndpoint or OfMail;

    /// <summary>Characters of what may be long.</summary>
    internal int Characters => this switch
    {
        OfEndpoint endpoint => endpoint.Url.Length,
        OfMail mail => mail.Address.Length,
        OfFunction function => function.Url.Length,
        OfGateway gateway => gateway.Endpoint.Length,
        _ => 0,
    };

    /// <summary>A queue of the topic's account and namespace, found by its name whenever something is delivered.</summary>
    /// <param name="Queue">Its name; the default one is none, and refused.</param>
    public sealed record OfQueue(QueueName Queue) : SubscriptionTarget;

    /// <summary>An endpoint of HTTP.</summary>
    /// <param name="Url">With http or https, at most <see cref="DeliveryLimits.EndpointCharactersMax"/> characters. A user and a password in it are sent as basic authentication.</param>
    public sealed record OfEndpoint(string Url) : SubscriptionTarget;

    /// <summary>A mailbox.</summary>
    /// <param name="Address">One address alone (RFC 5321, section 4.1.2).</param>
    /// <param name="IsJson">It gets the document that an endpoint gets; else the message's text.</param>
    public sealed record OfMail(string Address, bool IsJson) : SubscriptionTarget;

    /// <summary>A function that is called by HTTP with the event that Amazon SNS invokes one of AWS Lambda with.</summary>
    /// <param name="Url">As an endpoint's.</param>
    public sealed record OfFunction(string Url) : SubscriptionTarget;

    /// <summary>What goes through the operator's gateway.</summary>
    /// <param name="Protocol">What the gateway is to do.</param>
    /// <param name="Endpoint">A telephone number, an ARN: the gateway's to read.</param>
    public sealed record OfGateway(GatewayProtocol Protocol, string Endpoint) : SubscriptionTarget;

    /// <inheritdoc/>
    public sealed override string ToString() => GetType().Name;

    /// <summary>The first rule that it breaks by itself, or null.</summary>
    internal BrokerError? Validate() => this switch
    {
        OfQueue { Queue.Value.Length: > 0 } => null,
        OfQueue => Invalid("A subscription has a target, such as the name of a queue.", "target"),
        OfEndpoint endpoint => IsUrl(endpoint.Url) ? null : Invalid(UrlRule, "target.url"),
        OfMail mail => Mailbox.IsLegal(mail.Address) ? null : Invalid("email is the address of one mailbox.", "target.email"),
        OfFunction function => IsUrl(function.Url) ? null : Invalid(UrlRule, "target.function"),
        OfGateway gateway when !Enum.IsDefined(gateway.Protocol) => Invalid("gateway is sms, application or firehose.", "target.gateway"),
        OfGateway gateway => IsText(gateway.Endpoint, DeliveryLimits.EndpointCharactersMax) ? null : Invalid("endpoint is what the gateway knows the receiver by.", "target.endpoint"),
        _ => Invalid("A subscription has a target.", "target"),
    };

    private static string UrlRule => $"This is no URL of http or https with a host, of at most {DeliveryLimits.EndpointCharactersMax} characters.";

    private static bool IsUrl(string? text) =>
        IsText(text, DeliveryLimits.EndpointCharactersMax) && Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0;

    private static bool IsText(string? text, int max) => text is { Length: > 0 } && text.Length <= max && !text.Any(static one => char.IsControl(one) || char.IsSurrogate(one));

    private static BrokerError Invalid(string detail, string field) => new(ErrorCode.InvalidValue, detail, field);
}
