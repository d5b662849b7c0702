using System.Text.Json;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>The deduplication of a queue or of a topic, both ways; the word for all of it, as a scope, is its kind.</summary>
internal static class DeduplicationParser
{
    public const string Queue = "queue", Topic = "topic";

    private const string Place = "deduplication";
    private const string Group = "group";
    private const int ContentBased = 0, Scope = 1;

    public static readonly FieldTable Fields = new(["contentBased", "scope", "windowSeconds"]);

    /// <summary>What it is after it, or instead of it where it is no merge. <paramref name="kind"/>: <see cref="Queue"/> or <see cref="Topic"/>.</summary>
    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, bool isMerge, string kind, out Func<DeduplicationDefinition?, DeduplicationDefinition> change)
    {
        bool? contentBased = null;
        DeduplicationScope? scope = null;
        int? window = null;
        uint seen = 0;
        change = static _ => DeduplicationDefinition.Default;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid(Place, "Must be an object.");
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused.Under(Place);
            if (field == FieldTable.End)
                break;
            bool isNull = isMerge && reader.TokenType == JsonTokenType.Null;
            Problem? problem = field switch
            {
                ContentBased => ReadBoolean(ref reader, isNull, out contentBased),
                Scope => ReadScope(ref reader, document, isNull, kind, out scope),
                _ => ReadWindow(ref reader, isNull, out window),
            };
            if (problem is not null)
                return problem.Under(Place);
        }
        change = before => new DeduplicationDefinition
        {
            ContentBased = contentBased ?? before?.ContentBased ?? DeduplicationDefinition.Default.ContentBased,
            Scope = scope ?? before?.Scope ?? DeduplicationDefinition.Default.Scope,
            WindowSeconds = window ?? before?.WindowSeconds ?? DeduplicationDefinition.Default.WindowSeconds,
        };
        return null;
    }

    public static void Write(Utf8JsonWriter writer, DeduplicationDefinition deduplication, string kind)
    {
        writer.WriteStartObject(Place);
        writer.WriteBoolean("contentBased"u8, deduplication.ContentBased);
        writer.WriteString("scope"u8, deduplication.Scope switch { DeduplicationScope.Queue => kind, DeduplicationScope.Group => Group });
        writer.WriteNumber("windowSeconds"u8, deduplication.WindowSeconds);
        writer.WriteEndObject();
    }

    private static Problem? ReadBoolean(ref Utf8JsonReader reader, bool isNull, out bool? value)
    {
        Problem? problem = JsonText.Boolean(ref reader, "contentBased", out bool isTrue);
        value = isTrue;
        return isNull ? null : problem;
    }

    private static Problem? ReadScope(ref Utf8JsonReader reader, RequestDocument document, bool isNull, string kind, out DeduplicationScope? scope)
    {
        scope = DeduplicationScope.Queue;
        if (isNull)
            return null;
        if (JsonText.Text(ref reader, document, "scope", out string text) is { } problem)
            return problem;
        scope = text == kind ? DeduplicationScope.Queue : text == Group ? DeduplicationScope.Group : null;
        return scope is null ? Problem.Invalid("scope", $"Must be {kind} or {Group}.") : null;
    }

    private static Problem? ReadWindow(ref Utf8JsonReader reader, bool isNull, out int? window)
    {
        window = DeduplicationDefinition.Default.WindowSeconds;
        if (isNull)
            return null;
        Problem? problem = JsonText.Integer(ref reader, "windowSeconds", 1, QueueLimits.DeduplicationWindowSecondsMax, out int value);
        window = value;
        return problem;
    }
}
