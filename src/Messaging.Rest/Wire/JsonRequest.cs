using System.Text.Json;
using System.Text.Unicode;
using Messaging.Broker;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// Reads one document's object into <paramref name="target"/>, with the reader on its start; leaves the reader on its end.
/// </summary>
internal delegate Problem? ObjectParser<in TTarget>(ref Utf8JsonReader reader, RequestDocument document, TTarget target);

/// <summary>Reads one entry of a batch, with the reader on its first token.</summary>
internal delegate Problem? EntryParser<TEntry>(ref Utf8JsonReader reader, RequestDocument document, out TEntry entry);

/// <summary>
/// The frame around every parser: what is wrong with the document as JSON refuses the call; what is wrong with one entry of a batch
/// refuses that entry. Pure functions over the document's bytes; none of them throws, whatever the bytes are. Hot path.
/// </summary>
internal static class JsonRequest
{
    private const int NoDepth = -1;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = RestLimits.DepthMax };

    public static Problem? Parse<TTarget>(RequestDocument document, TTarget target, ObjectParser<TTarget> parse)
    {
        ReadOnlySpan<byte> bytes = document.Bytes.Span;
        if (bytes.IsEmpty)
            return Problem.Of(FrontCode.MalformedJson, $"{document.Name} is empty; a JSON object is expected.");
        // The reader does not look into strings, so this is the one check that keeps foreign bytes out of bodies that are text.
        if (!Utf8.IsValid(bytes))
            return Problem.Of(FrontCode.MalformedJson, $"{document.Name} is not valid UTF-8.");
        var reader = new Utf8JsonReader(bytes, ReaderOptions);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return Problem.Of(ErrorCode.InvalidValue, $"{document.Name} must be a JSON object.");
            if (parse(ref reader, document, target) is { } problem)
                return problem;
            // Throws on anything but white space.
            reader.Read();
            return null;
        }
        catch (JsonException exception)
        {
            return Malformed(document, exception, reader.CurrentDepth);
        }
    }

    /// <summary>
    /// Reads an array of entries. A problem that is returned is the call's; those of single entries are in <paramref name="entries"/>.
    /// </summary>
    public static Problem? Entries<TEntry>(
        ref Utf8JsonReader reader, RequestDocument document, string field, EntryList<TEntry> entries, EntryParser<TEntry> parse)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return Problem.Invalid(field, "Must be an array.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (entries.Count == BrokerLimits.CallEntriesMax)
                return Problem.Of(EntryCount.TooMany(field));
            int depth = DepthOf(ref reader);
            if (parse(ref reader, document, out TEntry entry) is not { } problem)
            {
                entries.Accept(entry);
                continue;
            }
            entries.Refuse(problem.Under($"{field}[{entries.Count}]"));
            SkipToEnd(ref reader, depth);
        }
        return entries.Count == 0 ? Problem.Of(EntryCount.Empty(field)) : null;
    }

    /// <summary>Before a value is parsed: where it ends, for <see cref="SkipToEnd"/>.</summary>
    public static int DepthOf(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? reader.CurrentDepth : NoDepth;

    /// <summary>Steps over the rest of the object or array that began at <paramref name="depth"/>, however far its parser came; a single value has no rest.</summary>
    public static void SkipToEnd(ref Utf8JsonReader reader, int depth)
    {
        if (depth == NoDepth)
            return;
        while (reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray) || reader.CurrentDepth != depth)
            reader.Read();
    }

    private static Problem Malformed(RequestDocument document, JsonException exception, int depth)
    {
        // The reader stops on the bracket that is one too many, and counts it only when it is behind it.
        string why = depth >= RestLimits.DepthMax - 1 ? $", or is nested deeper than {RestLimits.DepthMax} levels" : "";
        return Problem.Of(
            FrontCode.MalformedJson,
            $"{document.Name} is not well-formed JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}{why}.");
    }
}
