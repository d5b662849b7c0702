using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Subscriptions;

/// <summary>Where a subscription's messages go, both ways. What the texts must be is the definition's own rule.</summary>
internal static class SubscriptionTargets
{
    public static SubscriptionTarget Read(V1.SubscriptionTarget wire)
    {
        bool isMail = wire.KindCase == V1.SubscriptionTarget.KindOneofCase.Email, isGateway = wire.KindCase == V1.SubscriptionTarget.KindOneofCase.Gateway;
        if (wire.Format is not (V1.SubscriptionTarget.Types.Format.Unspecified or V1.SubscriptionTarget.Types.Format.Text or V1.SubscriptionTarget.Types.Format.Json)
            || (wire.Format != V1.SubscriptionTarget.Types.Format.Unspecified && !isMail))
            throw Refusal.Invalid("target.format", "Must be text or json, and is of an email.");
        if (wire.Endpoint.Length > 0 && !isGateway)
            throw Refusal.Invalid("target.endpoint", "Is of a gateway.");
        return wire.KindCase switch
        {
            V1.SubscriptionTarget.KindOneofCase.Queue => new SubscriptionTarget.OfQueue(ReadQueue(wire.Queue, "target.queue")),
            V1.SubscriptionTarget.KindOneofCase.Url => new SubscriptionTarget.OfEndpoint(wire.Url),
            V1.SubscriptionTarget.KindOneofCase.Email => new SubscriptionTarget.OfMail(wire.Email, wire.Format == V1.SubscriptionTarget.Types.Format.Json),
            V1.SubscriptionTarget.KindOneofCase.Function => new SubscriptionTarget.OfFunction(wire.Function),
            V1.SubscriptionTarget.KindOneofCase.Gateway => ReadGateway(wire),
            V1.SubscriptionTarget.KindOneofCase.None => throw Refusal.Missing("target.queue", "Names a queue, a url, an email, a function or a gateway."),
        };
    }

    public static V1.SubscriptionTarget Of(SubscriptionTarget target) => target switch
    {
        SubscriptionTarget.OfQueue queue => new V1.SubscriptionTarget { Queue = queue.Queue.Value },
        SubscriptionTarget.OfEndpoint endpoint => new V1.SubscriptionTarget { Url = endpoint.Url },
        SubscriptionTarget.OfMail mail => new V1.SubscriptionTarget
        {
            Email = mail.Address,
            Format = mail.IsJson ? V1.SubscriptionTarget.Types.Format.Json : V1.SubscriptionTarget.Types.Format.Text,
        },
        SubscriptionTarget.OfFunction function => new V1.SubscriptionTarget { Function = function.Url },
        SubscriptionTarget.OfGateway gateway => new V1.SubscriptionTarget { Gateway = Of(gateway.Protocol), Endpoint = gateway.Endpoint },
        _ => throw new System.Diagnostics.UnreachableException($"A target {target} has no case."),
    };

    public static QueueName ReadQueue(string text, string field) => QueueName.TryParse(text, out QueueName name)
        ? name
        : throw Refusal.Of(new BrokerError(ErrorCode.InvalidName, $"A queue's name is 1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters.", field));

    private static SubscriptionTarget.OfGateway ReadGateway(V1.SubscriptionTarget wire)
    {
        if (wire.Endpoint.Length == 0)
            throw Refusal.Missing("target.endpoint", "A gateway has an endpoint.");
        GatewayProtocol protocol = wire.Gateway switch
        {
            V1.GatewayProtocol.Sms => GatewayProtocol.Sms,
            V1.GatewayProtocol.Application => GatewayProtocol.Application,
            V1.GatewayProtocol.Firehose => GatewayProtocol.Firehose,
            _ => throw Refusal.Invalid("target.gateway", "Must be sms, application or firehose."),
        };
        return new SubscriptionTarget.OfGateway(protocol, wire.Endpoint);
    }

    private static V1.GatewayProtocol Of(GatewayProtocol protocol) => protocol switch
    {
        GatewayProtocol.Sms => V1.GatewayProtocol.Sms,
        GatewayProtocol.Application => V1.GatewayProtocol.Application,
        GatewayProtocol.Firehose => V1.GatewayProtocol.Firehose,
    };
}
