using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Operations;

/// <summary>The bytes of operations in the system stream. Which kind an entry is the catalog says.</summary>
/// <remarks>
/// Varints, unsigned; texts and bytes with their length before them; an empty text or a 0 where there is none:
/// <code>
/// started     operation
/// progress    number | cursor | moved more | failed more | skipped more | failure reason
/// cancelling  number
/// ended       number | status | now | failure reason
/// operation:  number | id, 16 bytes | kind = 1 | stream id | account | namespace | queue | destination | messages per second | filter
///             | end offset | approximate total | started ms
/// filter:     reason | origin | sent after ms + 1 | sent before ms + 1 | attributes | (name | values | value...)...
/// snapshot:   last number | operations | (operation | status | cursor | moved | failed | skipped | ended ms | failure reason)...
/// </code>
/// </remarks>
internal static class OperationEntries
{
    /// <summary>More than any entry but the first takes: failure reasons are ours, and name one queue.</summary>
    public const int ChangeBytesMax = 2_048;

    private const int Redrive = 1;

    public static void WriteStarted(ref BufferEntryWriter writer, LongOperation operation)
    {
        Span<byte> id = stackalloc byte[OperationId.Bytes];
        operation.Id.CopyTo(id);
        writer.Unsigned(operation.Number);
        writer.Bytes(id);
        writer.Unsigned(Redrive);
        writer.Unsigned(operation.StreamId);
        Text(ref writer, operation.Queue.Account.Value);
        Text(ref writer, operation.Queue.Namespace.Value);
        Text(ref writer, operation.Queue.Name.Value);
        Text(ref writer, operation.Request.Destination?.Value);
        writer.Unsigned(operation.Request.MessagesPerSecond ?? 0);
        WriteFilter(ref writer, operation.Request.Filter ?? new RedriveFilter());
        writer.Unsigned(operation.EndOffset);
        writer.Unsigned(operation.ApproximateTotal);
        writer.Unsigned(operation.StartedMs);
    }

    public static LongOperation ReadStarted(ref EntryReader reader)
    {
        long number = reader.Unsigned();
        var id = new OperationId(reader.Bytes());
        if (reader.Int32() != Redrive) throw EntryReader.Malformed();
        long streamId = reader.Unsigned();
        if (!AccountId.TryParse(Text(ref reader), out AccountId account)
            || !NamespaceName.TryParse(Text(ref reader), out NamespaceName space)
            || !QueueName.TryParse(Text(ref reader), out QueueName queue))
        {
            throw EntryReader.Malformed();
        }

        QueueName? destination = Name(ref reader);
        int perSecond = reader.Int32();
        RedriveFilter filter = ReadFilter(ref reader);
        return new LongOperation
        {
            Number = number,
            Id = id,
            StreamId = streamId,
            Queue = new QueueKey(account, space, queue),
            Request = new RedriveRequest { Destination = destination, MessagesPerSecond = perSecond == 0 ? null : perSecond, Filter = filter },
            EndOffset = reader.Unsigned(),
            ApproximateTotal = reader.Unsigned(),
            StartedMs = reader.Unsigned(),
        };
    }

    public static void WriteWhole(ref BufferEntryWriter writer, LongOperation operation)
    {
        WriteStarted(ref writer, operation);
        writer.Unsigned((int)operation.Status);
        writer.Unsigned(operation.Cursor);
        writer.Unsigned(operation.Moved);
        writer.Unsigned(operation.Failed);
        writer.Unsigned(operation.Skipped);
        writer.Unsigned(operation.EndedMs);
        Text(ref writer, operation.FailureReason);
    }

    public static LongOperation ReadWhole(ref EntryReader reader) => ReadStarted(ref reader) with
    {
        Status = (OperationStatus)reader.Int32(),
        Cursor = reader.Unsigned(),
        Moved = reader.Unsigned(),
        Failed = reader.Unsigned(),
        Skipped = reader.Unsigned(),
        EndedMs = reader.Unsigned(),
        FailureReason = OptionalText(ref reader),
    };

    public static void WriteProgress(ref BufferEntryWriter writer, long number, in OperationProgress progress)
    {
        writer.Unsigned(number);
        writer.Unsigned(progress.Cursor);
        writer.Unsigned(progress.Moved);
        writer.Unsigned(progress.Failed);
        writer.Unsigned(progress.Skipped);
        Text(ref writer, progress.FailureReason);
    }

    public static OperationProgress ReadProgress(ref EntryReader reader) =>
        new(reader.Unsigned(), reader.Unsigned(), reader.Unsigned(), reader.Unsigned(), OptionalText(ref reader));

    public static void WriteEnded(ref BufferEntryWriter writer, long number, OperationStatus status, long now, string? failureReason)
    {
        writer.Unsigned(number);
        writer.Unsigned((int)status);
        writer.Unsigned(now);
        Text(ref writer, failureReason);
    }

    public static string? OptionalText(ref EntryReader reader) => Text(ref reader) is { Length: > 0 } text ? text : null;

    private static void WriteFilter(ref BufferEntryWriter writer, RedriveFilter filter)
    {
        writer.Unsigned((int)(filter.Reason ?? 0));
        Text(ref writer, filter.Origin?.Value);
        writer.Unsigned((filter.SentAfterMs ?? -1) + 1);
        writer.Unsigned((filter.SentBeforeMs ?? -1) + 1);
        writer.Unsigned(filter.Attributes.Count);
        foreach ((string name, IReadOnlyList<string> values) in filter.Attributes)
        {
            Text(ref writer, name);
            writer.Unsigned(values.Count);
            foreach (string value in values) Text(ref writer, value);
        }
    }

    private static RedriveFilter ReadFilter(ref EntryReader reader)
    {
        int reason = reader.Int32();
        QueueName? origin = Name(ref reader);
        long after = reader.Unsigned() - 1;
        long before = reader.Unsigned() - 1;
        var attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        for (int left = reader.Int32(); left > 0; left--)
        {
            string name = Text(ref reader);
            string[] values = new string[reader.Int32()];
            for (int i = 0; i < values.Length; i++) values[i] = Text(ref reader);
            attributes.Add(name, values);
        }

        return new RedriveFilter
        {
            Reason = reason == 0 ? null : (MoveReason)reason,
            Origin = origin,
            SentAfterMs = after < 0 ? null : after,
            SentBeforeMs = before < 0 ? null : before,
            Attributes = attributes,
        };
    }

    private static QueueName? Name(ref EntryReader reader) => QueueName.TryParse(Text(ref reader), out QueueName name) ? name : null;

    private static void Text(ref BufferEntryWriter writer, string? text) => writer.Bytes(Encoding.UTF8.GetBytes(text ?? ""));

    private static string Text(ref EntryReader reader) => Encoding.UTF8.GetString(reader.Bytes());
}
