using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>The objects within a queue's definition. A patch merges them field by field into what is there, or into the defaults.</summary>
internal static class QueuePartParsers
{
    public static readonly FieldTable DeadLetterFields = new(["queue", "maxReceives"]);


    public static readonly FieldTable RetryFields = new(["minSeconds", "maxSeconds", "factor", "jitter"]);

    public static Problem? ReadDeadLetter(ref Utf8JsonReader reader, RequestDocument document, QueueDefinitionParser.Box target)
    {
        QueueName? queue = null;
        int? maxReceives = null;
        uint seen = 0;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid("deadLetter", "Must be an object with queue and maxReceives.");
        while (true)
        {
            if (DeadLetterFields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused.Under("deadLetter");
            if (field == FieldTable.End)
                break;
            Problem? problem = field == 0 ? ReadName(ref reader, document, out queue) : ReadInteger(ref reader, "maxReceives", 1, QueueLimits.MaxReceivesMax, out maxReceives);
            if (problem is not null)
                return problem.Under("deadLetter");
        }
        if (!target.IsMerge && (queue is null || maxReceives is null))
            return Problem.Of(FrontCode.MissingField, "A dead-letter definition has queue and maxReceives.", queue is null ? "deadLetter.queue" : "deadLetter.maxReceives");
        target.Then(definition => definition with
        {
            DeadLetter = new DeadLetterDefinition
            {
                Queue = queue ?? definition.DeadLetter?.Queue ?? default,
                MaxReceives = maxReceives ?? definition.DeadLetter?.MaxReceives ?? 0,
            },
        });
        return null;
    }

    public static Problem? ReadRetry(ref Utf8JsonReader reader, RequestDocument document, QueueDefinitionParser.Box target)
    {
        int? min = null;
        int? max = null;
        double? factor = null;
        double? jitter = null;
        uint seen = 0;
        RetryDefinition defaults = RetryDefinition.Default;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid("retry", "Must be an object.");
        while (true)
        {
            if (RetryFields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused.Under("retry");
            if (field == FieldTable.End)
                break;
            Problem? problem = field switch
            {
                0 => ReadInteger(ref reader, target.IsMerge, "minSeconds", 0, QueueLimits.RetrySecondsMax, defaults.MinSeconds, out min),
                1 => ReadInteger(ref reader, target.IsMerge, "maxSeconds", 0, QueueLimits.RetrySecondsMax, defaults.MaxSeconds, out max),
                2 => ReadNumber(ref reader, target.IsMerge, "factor", 1, QueueLimits.RetryFactorMax, defaults.Factor, out factor),
                _ => ReadNumber(ref reader, target.IsMerge, "jitter", 0, 1, defaults.Jitter, out jitter),
            };
            if (problem is not null)
                return problem.Under("retry");
        }
        target.Then(definition =>
        {
            RetryDefinition before = definition.Retry ?? defaults;
            return definition with
            {
                Retry = new RetryDefinition
                {
                    MinSeconds = min ?? before.MinSeconds, MaxSeconds = max ?? before.MaxSeconds, Factor = factor ?? before.Factor, Jitter = jitter ?? before.Jitter,
                },
            };
        });
        return null;
    }

    private static Problem? ReadName(ref Utf8JsonReader reader, RequestDocument document, out QueueName? name)
    {
        name = null;
        if (JsonText.Text(ref reader, document, "queue", out string text) is { } problem)
            return problem;
        bool isLegal = QueueName.TryParse(text, out QueueName parsed);
        name = parsed;
        return isLegal ? null : Problem.Of(ErrorCode.InvalidName, $"A queue's name is 1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters.", "queue");
    }

    private static Problem? ReadInteger(ref Utf8JsonReader reader, string name, int min, int max, out int? value)
    {
        Problem? problem = JsonText.Integer(ref reader, name, min, max, out int number);
        value = number;
        return problem;
    }

    private static Problem? ReadInteger(ref Utf8JsonReader reader, bool isMerge, string name, int min, int max, int fallback, out int? value)
    {
        value = fallback;
        return isMerge && reader.TokenType == JsonTokenType.Null ? null : ReadInteger(ref reader, name, min, max, out value);
    }

    private static Problem? ReadNumber(ref Utf8JsonReader reader, bool isMerge, string name, double min, double max, double fallback, out double? value)
    {
        value = fallback;
        if (isMerge && reader.TokenType == JsonTokenType.Null)
            return null;
        bool inRange = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double number) && number >= min && number <= max;
        value = inRange ? reader.GetDouble() : null;
        return inRange ? null : Problem.Invalid(name, $"Must be a number from {min} to {max}.");
    }
}
