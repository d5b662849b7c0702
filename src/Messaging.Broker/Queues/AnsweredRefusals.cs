using System.Text;

namespace Messaging.Broker.Queues;

/// <summary>
/// Refusals of entries as an idempotency key remembers them, word for word, since the definition that they follow from may have changed when the call comes again. The place of the
/// entry in its field ("messages[3]") is left out: entries that were refused alike are one run.
/// </summary>
/// <remarks>code | detail | field behind the entry's place, where there is one; texts, each with its length as a varint.</remarks>
internal static class AnsweredRefusals
{
    private const int HeadBytesMax = 4 * EntryWriter.VarintBytesMax;

    /// <summary>Bytes of one refusal and what stands before it in its run, at most.</summary>
    public static int BytesMax(BrokerError error) =>
        HeadBytesMax + Encoding.UTF8.GetMaxByteCount(error.Code.ToString().Length + error.Detail.Length + (error.Field?.Length ?? 0));

    public static void Write(ref EntryWriter writer, BrokerError error)
    {
        writer.Bytes(Encoding.UTF8.GetBytes(error.Code.ToString()));
        writer.Bytes(Encoding.UTF8.GetBytes(error.Detail));
        if (error.Field is not null) writer.Bytes(Encoding.UTF8.GetBytes(BehindPlace(error.Field)));
    }

    /// <summary>The refusal of a run; its field is only what stands behind the place, null where it has none.</summary>
    public static BrokerError Read(ref EntryReader reader, bool hasField)
    {
        if (!Enum.TryParse(Text(ref reader), out ErrorCode code)) throw EntryReader.Malformed();
        string detail = Text(ref reader);
        return new BrokerError(code, detail, hasField ? Text(ref reader) : null);
    }

    /// <summary>As it was for the entry at this place of the list of this name.</summary>
    public static BrokerError At(BrokerError read, string list, int place) => read.Field is null ? read : read with { Field = $"{list}[{place}]{read.Field}" };

    public static bool AreAlike(BrokerError before, BrokerError after) =>
        before.Code == after.Code && before.Detail == after.Detail && (before.Field is null) == (after.Field is null)
        && (before.Field is null || BehindPlace(before.Field) == BehindPlace(after.Field!));

    private static string BehindPlace(string field) => field[(field.IndexOf(']', StringComparison.Ordinal) + 1)..];

    private static string Text(ref EntryReader reader) => Encoding.UTF8.GetString(reader.Bytes());
}
