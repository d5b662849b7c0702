using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>
/// What a send was answered, as an idempotency key remembers it: offsets, from which the ids follow, and refusals.
/// </summary>
/// <remarks>
/// Runs of entries, varints:
/// <code>
/// count * 4     | first offset       stored, at offsets that follow each other
/// count * 4 + 1 | first offset       the same of duplicates
/// count * 4 + 2 | refusal            refused alike; <see cref="AnsweredRefusals"/> has the refusal
/// count * 4 + 3 | refusal            the same without a field
/// </code>
/// </remarks>
internal static class SendAnswers
{
    /// <summary>Bytes of a stored entry, as a run of its own.</summary>
    public const int StoredBytesMax = 2 * EntryWriter.VarintBytesMax;

    private const int Stored = 0, Duplicate = 1, Refused = 2, RefusedWithoutField = 3;
    private const int KindBits = 2;

    /// <summary>Bytes of an answer, at most, before it is known what becomes of the entries that are not refused so far: stored, or refused by the largest of the errors.</summary>
    public static int BytesMax(ReadOnlySpan<SendOutcome> outcomes, BrokerError possible)
    {
        long bytes = 0;
        int open = Math.Max(StoredBytesMax, AnsweredRefusals.BytesMax(possible));
        foreach (ref readonly SendOutcome outcome in outcomes) bytes += outcome.Error is { } error ? AnsweredRefusals.BytesMax(error) : open;
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

            AnsweredRefusals.Write(ref writer, error);
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

            BrokerError refusal = AnsweredRefusals.Read(ref reader, hasField: kind == Refused);
            for (long i = 0; i < count; i++, at++) (outcomes[at], offsets[at]) = (new SendOutcome(default, AnsweredRefusals.At(refusal, "messages", at)), 0);
        }

        return at == outcomes.Length;
    }

    private static bool Continues(ReadOnlySpan<SendOutcome> outcomes, ReadOnlySpan<long> offsets, int next)
    {
        ref readonly SendOutcome before = ref outcomes[next - 1];
        ref readonly SendOutcome after = ref outcomes[next];
        if (before.Error is null || after.Error is null)
        {
            return before.Error is null && after.Error is null && before.IsDuplicate == after.IsDuplicate && offsets[next - 1] + 1 == offsets[next];
        }

        return AnsweredRefusals.AreAlike(before.Error, after.Error);
    }
}
