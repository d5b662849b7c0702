using Messaging.Broker.Operations;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Moves;

/// <summary>
/// What the start of a redrive was answered, as an idempotency key remembers it: what the call itself does not say of the operation, so that the answer is the first
/// one also when the operation is forgotten.
/// </summary>
/// <remarks>
/// Varints:
/// <code>
/// operation's id, 16 bytes | number | end offset | started | messages that were ready then
/// </code>
/// </remarks>
internal static class RedriveAnswer
{
    public const int BytesMax = OperationId.Bytes + (4 * EntryWriter.VarintBytesMax);

    public static void Write(ref EntryWriter writer, LongOperation operation)
    {
        Span<byte> id = stackalloc byte[OperationId.Bytes];
        operation.Id.CopyTo(id);
        writer.Raw(id);
        writer.Unsigned(operation.Number);
        writer.Unsigned(operation.EndOffset);
        writer.Unsigned(operation.StartedMs);
        writer.Unsigned(operation.ApproximateTotal);
    }

    /// <summary>The operation as it began; the request is the same one.</summary>
    public static LongOperation Read(ReadOnlySpan<byte> answer, LiveQueue queue, RedriveRequest request)
    {
        var reader = new EntryReader(answer);
        return new LongOperation
        {
            Id = new OperationId(reader.Raw(OperationId.Bytes)),
            Number = reader.Unsigned(),
            EndOffset = reader.Unsigned(),
            StartedMs = reader.Unsigned(),
            ApproximateTotal = reader.Unsigned(),
            StreamId = queue.Stream.Id,
            Queue = queue.Key,
            Request = request,
        };
    }
}
