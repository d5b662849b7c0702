using Messaging.Broker.Queues;

namespace Messaging.Broker.Topics;

/// <summary>What a publish was answered, as an idempotency key remembers it: places, and refusals.</summary>
/// <remarks>
/// Runs of records, varints:
/// <code>
/// count * 4     | partition | first offset      stored, at offsets of one partition that follow each other
/// count * 4 + 2 | refusal                       refused alike; <see cref="AnsweredRefusals"/> has the refusal
/// count * 4 + 3 | refusal                       the same without a field
/// </code>
/// </remarks>
internal static class PublishAnswers
{
    private const int Stored = 0, Refused = 2, RefusedWithoutField = 3;
    private const int KindBits = 2;
    private const int StoredBytesMax = 3 * EntryWriter.VarintBytesMax;

    /// <summary>Bytes of an answer, at most, before it is known where the records that are not refused go.</summary>
    public static int BytesMax(ReadOnlySpan<PublishOutcome> outcomes)
    {
        long bytes = 0;
        foreach (ref readonly PublishOutcome outcome in outcomes) bytes += outcome.Error is { } error ? AnsweredRefusals.BytesMax(error) : StoredBytesMax;
        return (int)Math.Min(bytes, int.MaxValue / 2);
    }

    /// <summary>Inside a command.</summary>
    public static void Write(ref EntryWriter writer, ReadOnlySpan<PublishOutcome> outcomes)
    {
        for (int start = 0, end; start < outcomes.Length; start = end)
        {
            end = start + 1;
            while (end < outcomes.Length && Continues(outcomes[end - 1], outcomes[end])) end++;
            ref readonly PublishOutcome first = ref outcomes[start];
            int kind = first.Error is null ? Stored : first.Error.Field is null ? RefusedWithoutField : Refused;
            writer.Unsigned(((long)(end - start) << KindBits) | (long)kind);
            if (first.Error is { } error)
            {
                AnsweredRefusals.Write(ref writer, error);
                continue;
            }

            writer.Unsigned(first.Partition);
            writer.Unsigned(first.Offset);
        }
    }

    /// <summary>False when they are not as many as the call has records.</summary>
    public static bool TryRead(ReadOnlySpan<byte> answer, PublishOutcome[] outcomes)
    {
        var reader = new EntryReader(answer);
        int at = 0;
        while (!reader.AtEnd)
        {
            long head = reader.Unsigned();
            long count = head >> KindBits;
            int kind = (int)(head & ((1 << KindBits) - 1));
            if (count > outcomes.Length - at) return false;
            if (kind == Stored)
            {
                (int partition, long first) = (reader.Int32(), reader.Unsigned());
                for (long i = 0; i < count; i++) outcomes[at++] = new PublishOutcome(partition, first + i, null);
                continue;
            }

            BrokerError refusal = AnsweredRefusals.Read(ref reader, hasField: kind == Refused);
            for (long i = 0; i < count; i++, at++) outcomes[at] = new PublishOutcome(-1, -1, AnsweredRefusals.At(refusal, "records", at));
        }

        return at == outcomes.Length;
    }

    private static bool Continues(in PublishOutcome before, in PublishOutcome after) => (before.Error, after.Error) switch
    {
        (null, null) => before.Partition == after.Partition && before.Offset + 1 == after.Offset,
        ({ } one, { } other) => AnsweredRefusals.AreAlike(one, other),
        _ => false,
    };
}
