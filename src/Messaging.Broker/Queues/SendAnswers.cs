using System.Text;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>
/// What a send was answered, as an idempotency key remembers it: offsets, from which the ids follow, and refusals word for word, since the definition that
/// they follow from may have changed when the call comes again.
/// </summary>
/// <remarks>
/// Runs of entries, varints:
/// <code>
/// count * 4     | first offset       stored, at offsets that follow each other
/// count * 4 + 1 | first offset       the same of duplicates
/// count * 4 + 2 | code | detail | field behind the entry's place     refused alike; three texts, each with its length
/// count * 4 + 3 | code | detail                                      the same without a field
/// </code>
/// </remarks>
internal static class SendAnswers
{
    private const int Stored = 0, Duplicate = 1, Refused = 2, RefusedWithoutField = 3;
    private const int KindBits = 2;

    // Of a run of one entry.
    private const int StoredBytesMax = 2 * EntryWriter.VarintBytesMax;
    private const int RefusedHeadBytesMax = 4 * EntryWriter.VarintBytesMax;

    /// <summary>Bytes of an answer, at most, before it is known what becomes of the entries that are not refused so far: stored, or refused by the largest of the errors.</summary>
    public static int BytesMax(ReadOnlySpan<SendOutcome> outcomes, BrokerError possible)
    {
        long bytes = 0;
        int open = Math.Max(StoredBytesMax, RefusalBytesMax(possible));
        foreach (ref readonly SendOutcome outcome in outcomes) bytes += outcome.Error is { } error ? RefusalBytesMax(error) : open;
        return (int)Math.Min(bytes, int.MaxValue / 2);
    }

    /// <summary>Inside a command. The offsets of what is refused say nothing.</summary>
    public static void Write(ref EntryWriter writer, ReadOnlySpan<SendOutcome> outcomes, ReadOnlySpan<long> offsets)
    {
        for (int start = 0, end; start < outcomes.Length; start = end)
        {
            end = start + 1;
            while (end < outcomes.Length && Continues(outcomes, offsets, end)) end++;
            BrokerError? error = outcomes[start].Error;
            int kind = error is null ? (outcomes[start].IsDuplicate ? Duplicate : Stored) : error.Field is null ? RefusedWithoutField : Refused;
            writer.Unsigned(((long)(end - start) << KindBits) | (long)kind);
            if (error is null)
            {
                writer.Unsigned(offsets[start]);
                continue;
            }

            writer.Bytes(Encoding.UTF8.GetBytes(error.Code.ToString()));
            writer.Bytes(Encoding.UTF8.GetBytes(error.Detail));
            if (error.Field is not null) writer.Bytes(Encoding.UTF8.GetBytes(BehindPlace(error.Field)));
        }
    }

    /// <summary>The outcomes, without ids; false when they are not as many as the call has entries.</summary>
    public static bool TryRead(ReadOnlySpan<byte> answer, SendOutcome[] outcomes, Span<long> offsets)
    {
        var reader = new EntryReader(answer);
        int at = 0;
        while (!reader.AtEnd)
        {
            long head = reader.Unsigned();
            long count = head >> KindBits;
            int kind = (int)(head & ((1 << KindBits) - 1));
            if (count > outcomes.Length - at) return false;
            if (kind <= Duplicate)
            {
                long first = reader.Unsigned();
                for (long i = 0; i < count; i++, at++) (outcomes[at], offsets[at]) = (new SendOutcome(default, null, kind == Duplicate), first + i);
                continue;
            }

            if (!Enum.TryParse(Text(ref reader), out ErrorCode code)) throw EntryReader.Malformed();
            string detail = Text(ref reader);
            string? behindPlace = kind == Refused ? Text(ref reader) : null;
            for (long i = 0; i < count; i++, at++)
            {
                string? field = behindPlace is null ? null : $"messages[{at}]{behindPlace}";
                (outcomes[at], offsets[at]) = (new SendOutcome(default, new BrokerError(code, detail, field)), 0);
            }
        }

        return at == outcomes.Length;
    }

    /// <summary>Bytes of one refusal, at most.</summary>
    public static int RefusalBytesMax(BrokerError error) =>
        RefusedHeadBytesMax + Encoding.UTF8.GetMaxByteCount(error.Code.ToString().Length + error.Detail.Length + (error.Field?.Length ?? 0));

    private static bool Continues(ReadOnlySpan<SendOutcome> outcomes, ReadOnlySpan<long> offsets, int next)
    {
        ref readonly SendOutcome before = ref outcomes[next - 1];
        ref readonly SendOutcome after = ref outcomes[next];
        if (before.Error is null || after.Error is null)
        {
            return before.Error is null && after.Error is null && before.IsDuplicate == after.IsDuplicate && offsets[next - 1] + 1 == offsets[next];
        }

        return before.Error.Code == after.Error.Code && before.Error.Detail == after.Error.Detail
            && (before.Error.Field is null) == (after.Error.Field is null)
            && (before.Error.Field is null || BehindPlace(before.Error.Field) == BehindPlace(after.Error.Field!));
    }

    private static string BehindPlace(string field) => field[(field.IndexOf(']', StringComparison.Ordinal) + 1)..];

    private static string Text(ref EntryReader reader) => Encoding.UTF8.GetString(reader.Bytes());
}
