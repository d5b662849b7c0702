using Messaging.Broker.Subscriptions;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Subscriptions;

/// <summary>Where a subscription's messages go, both ways. What the texts must be is the definition's own rule.</summary>
internal static class SubscriptionTargets
{
    private const string Field = "definition.target";

    public static SubscriptionTarget Read(V1.SubscriptionTarget wire) => wire.KindCase switch
    {
        V1.SubscriptionTarget.KindOneofCase.Queue => new SubscriptionTarget.OfQueue(Names.Queue(wire.Queue.Name, Field + ".queue.name")),
        V1.SubscriptionTarget.KindOneofCase.Http => new SubscriptionTarget.OfEndpoint(wire.Http.Url),
        V1.SubscriptionTarget.KindOneofCase.Email => new SubscriptionTarget.OfMail(wire.Email.Address, IsJson(wire.Email.Format)),
        V1.SubscriptionTarget.KindOneofCase.Function => new SubscriptionTarget.OfFunction(wire.Function.Url),
        V1.SubscriptionTarget.KindOneofCase.Gateway => Read(wire.Gateway),
        V1.SubscriptionTarget.KindOneofCase.None => throw Refusal.Missing(Field, "A target is one of queue, http, email, function and gateway."),
    };

    public static V1.SubscriptionTarget Of(SubscriptionTarget target) => target switch
    {
        SubscriptionTarget.OfQueue queue => new V1.SubscriptionTarget { Queue = new V1.QueueTarget { Name = queue.Queue.Value } },
        SubscriptionTarget.OfEndpoint endpoint => new V1.SubscriptionTarget { Http = new V1.HttpTarget { Url = endpoint.Url } },
        SubscriptionTarget.OfMail mail => new V1.SubscriptionTarget
        {
            Email = new V1.EmailTarget { Address = mail.Address, Format = mail.IsJson ? V1.EmailTarget.Types.Format.Json : V1.EmailTarget.Types.Format.Text },
        },
        SubscriptionTarget.OfFunction function => new V1.SubscriptionTarget { Function = new V1.FunctionTarget { Url = function.Url } },
        SubscriptionTarget.OfGateway gateway => new V1.SubscriptionTarget { Gateway = new V1.GatewayTarget { Protocol = Of(gateway.Protocol), Endpoint = gateway.Endpoint } },
        _ => throw new System.Diagnostics.UnreachableException($"A target {target} has no case."),
    };

    private static bool IsJson(V1.EmailTarget.Types.Format format) => format switch
    {
        V1.EmailTarget.Types.Format.Unspecified or V1.EmailTarget.Types.Format.Text => false,
        V1.EmailTarget.Types.Format.Json => true,
        _ => throw Refusal.Invalid(Field + ".email.format", "Must be text or json."),
    };

    private static SubscriptionTarget.OfGateway Read(V1.GatewayTarget wire)
    {
        if (wire.Endpoint.Length == 0)
            throw Refusal.Missing(Field + ".gateway.endpoint", "A gateway has an endpoint.");
        GatewayProtocol protocol = wire.Protocol switch
        {
            V1.GatewayTarget.Types.Protocol.Sms => GatewayProtocol.Sms,
            V1.GatewayTarget.Types.Protocol.Application => GatewayProtocol.Application,
            V1.GatewayTarget.Types.Protocol.Firehose => GatewayProtocol.Firehose,
            _ => throw Refusal.Invalid(Field + ".gateway.protocol", "Must be sms, application or firehose."),
        };
        return new SubscriptionTarget.OfGateway(protocol, wire.Endpoint);
    }

    private static V1.GatewayTarget.Types.Protocol Of(GatewayProtocol protocol) => protocol switch
    {
        GatewayProtocol.Sms => V1.GatewayTarget.Types.Protocol.Sms,
        GatewayProtocol.Application => V1.GatewayTarget.Types.Protocol.Application,
        GatewayProtocol.Firehose => V1.GatewayTarget.Types.Protocol.Firehose,
    };
}
