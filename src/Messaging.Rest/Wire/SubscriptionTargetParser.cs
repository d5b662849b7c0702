using System.Text.Json;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// Where a subscription's messages go: an object with one of queue, url, email, function and gateway, which says its kind; format is a mail's, endpoint a gateway's. What the texts must be is the definition's own
/// rule.
/// </summary>
internal static class SubscriptionTargetParser
{
    private const int Queue = 0, Url = 1, Email = 2, Format = 3, Function = 4, Gateway = 5, Endpoint = 6;

    private const uint Kinds = (1u << Queue) | (1u << Url) | (1u << Email) | (1u << Function) | (1u << Gateway);

    public static readonly FieldTable Fields = new(["queue", "url", "email", "format", "function", "gateway", "endpoint"]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, SubscriptionDefinitionParser.Box box)
    {
        uint seen = 0;
        QueueName queue = default;
        string[] texts = new string[Fields.Served.Count];
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid("target", "Must be an object, such as one with the name of a queue.");
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused.Under("target");
            if (field == FieldTable.End)
                break;
            Problem? problem = field == Queue
                ? SubscriptionPartParsers.ReadName(ref reader, document, out queue)
                : JsonText.Text(ref reader, document, Fields.Served[field], out texts[field]);
            if (problem is not null)
                return problem.Under("target");
        }
        if (Refuse(seen, texts, out GatewayProtocol protocol) is { } wrong)
            return wrong;
        SubscriptionTarget target = (seen & Kinds) switch
        {
            1u << Queue => new SubscriptionTarget.OfQueue(queue),
            1u << Url => new SubscriptionTarget.OfEndpoint(texts[Url]),
            1u << Email => new SubscriptionTarget.OfMail(texts[Email], texts[Format] == SubscriptionWords.Json),
            1u << Function => new SubscriptionTarget.OfFunction(texts[Function]),
            _ => new SubscriptionTarget.OfGateway(protocol, texts[Endpoint]),
        };
        box.Then(definition => definition with { Target = target });
        return null;
    }

    // What does not go together.
    private static Problem? Refuse(uint seen, string[] texts, out GatewayProtocol protocol)
    {
        protocol = default;
        uint kinds = seen & Kinds;
        if (kinds == 0)
            return Problem.Of(FrontCode.MissingField, "Names a queue, a url, an email, a function or a gateway.", "target.queue");
        if ((kinds & (kinds - 1)) != 0)
            return Problem.Invalid("target", "Must be of one kind: a queue, a url, an email, a function or a gateway.");
        bool isMail = kinds == 1u << Email, isGateway = kinds == 1u << Gateway;
        if ((seen & (1u << Format)) != 0 && (!isMail || texts[Format] is not (SubscriptionWords.Json or SubscriptionWords.Text)))
            return Problem.Invalid("target.format", "Must be text or json, and is of an email.");
        if ((seen & (1u << Endpoint)) != 0 != isGateway)
            return isGateway
                ? Problem.Of(FrontCode.MissingField, "A gateway has an endpoint.", "target.endpoint")
                : Problem.Invalid("target.endpoint", "Is of a gateway.");
        return !isGateway || SubscriptionWords.TryParse(texts[Gateway], out protocol) ? null : Problem.Invalid("target.gateway", "Must be sms, application or firehose.");
    }
}
