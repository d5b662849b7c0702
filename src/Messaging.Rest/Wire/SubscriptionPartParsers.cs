using System.Text.Json;
using System.Text;
using Messaging.Broker;
using Messaging.Broker.Filters;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>The objects within a subscription's definition. A patch merges a filter field by field into what is there; its policy is one value, and replaced.</summary>
internal static class SubscriptionPartParsers
{
    private const int Scope = 0;

    public static readonly FieldTable FilterFields = new(["scope", "policy"]);

    public static readonly FieldTable DeadLetterFields = new(["queue"]);

    public static Problem? ReadDeadLetter(ref Utf8JsonReader reader, RequestDocument document, SubscriptionDefinitionParser.Box target)
    {
        if (ReadQueue(ref reader, document, DeadLetterFields, "deadLetter", out QueueName queue) is { } problem)
            return problem;
        target.Then(definition => definition with { DeadLetter = queue });
        return null;
    }

    public static Problem? ReadFilter(ref Utf8JsonReader reader, RequestDocument document, SubscriptionDefinitionParser.Box target)
    {
        FilterScope? scope = null;
        string? policy = null;
        uint seen = 0;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid("filter", "Must be an object with scope and policy, or null.");
        while (true)
        {
            if (FilterFields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused.Under("filter");
            if (field == FieldTable.End)
                break;
            Problem? problem = field == Scope ? ReadScope(ref reader, document, out scope) : ReadPolicy(ref reader, document, out policy);
            if (problem is not null)
                return problem.Under("filter");
        }
        if (!target.IsMerge && policy is null)
            return Problem.Of(FrontCode.MissingField, "A filter has a policy.", "filter.policy");
        // A patch that gives a scope to a filter that is not there is refused for its policy.
        target.Then(definition => definition with
        {
            Filter = new SubscriptionFilter(scope ?? definition.Filter?.Scope ?? FilterScope.Attributes, policy ?? definition.Filter?.PolicyJson ?? ""),
        });
        return null;
    }

    // An object with the name of a queue.
    private static Problem? ReadQueue(ref Utf8JsonReader reader, RequestDocument document, FieldTable fields, string place, out QueueName queue)
    {
        queue = default;
        uint seen = 0;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid(place, "Must be an object with the name of a queue.");
        while (true)
        {
            if (fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused.Under(place);
            if (field == FieldTable.End)
                return seen == 0 ? Problem.Of(FrontCode.MissingField, "Names a queue.", $"{place}.queue") : null;
            if (ReadName(ref reader, document, out queue) is { } problem)
                return problem.Under(place);
        }
    }

    internal static Problem? ReadName(ref Utf8JsonReader reader, RequestDocument document, out QueueName name)
    {
        name = default;
        if (JsonText.Text(ref reader, document, "queue", out string text) is { } problem)
            return problem;
        return QueueName.TryParse(text, out name)
            ? null
            : Problem.Of(ErrorCode.InvalidName, $"A queue's name is 1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters.", "queue");
    }

    private static Problem? ReadScope(ref Utf8JsonReader reader, RequestDocument document, out FilterScope? scope)
    {
        scope = null;
        if (JsonText.Text(ref reader, document, "scope", out string text) is { } problem)
            return problem;
        bool isKnown = SubscriptionWords.TryParse(text, out FilterScope read);
        scope = read;
        return isKnown ? null : Problem.Invalid("scope", "Must be attributes or body.");
    }

    // Its text as it is: what the policy says is the broker's to judge.
    private static Problem? ReadPolicy(ref Utf8JsonReader reader, RequestDocument document, out string? policy)
    {
        policy = null;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid("policy", "Must be an object.");
        Problem? problem = JsonText.Raw(ref reader, document, out ReadOnlyMemory<byte> bytes);
        policy = Encoding.UTF8.GetString(bytes.Span);
        return problem;
    }
}
