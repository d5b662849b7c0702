using System.Buffers;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Storage;
using OperationStatus = Messaging.Broker.Operations.OperationStatus;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Changes operations inside a command: the entry in the system stream and its effect, together; and the fold of the same entries. Guarded by the sequencer.
/// </summary>
internal sealed class OperationJournal(OperationTable operations)
{
    private delegate void Writer<TValue>(ref BufferEntryWriter writer, TValue value);

    public OperationTable Operations => operations;

    /// <summary>Bytes of the entry, for the admission of the command.</summary>
    public static int StartedBytes(LongOperation operation) =>
        Command.StateBytes(Entry(CatalogEntryKind.OperationStarted, operation, static (ref BufferEntryWriter writer, LongOperation value) => OperationEntries.WriteStarted(ref writer, value)).Length);

    public void Start(in Command command, LogEngine engine, LongOperation operation)
    {
        command.AppendState(
            engine.System, Entry(CatalogEntryKind.OperationStarted, operation, static (ref BufferEntryWriter writer, LongOperation value) => OperationEntries.WriteStarted(ref writer, value)));
        operations.ApplyStarted(operation);
    }

    public void Progress(in Command command, LogEngine engine, long number, OperationProgress progress)
    {
        command.AppendState(
            engine.System,
            Entry(CatalogEntryKind.OperationProgress, (number, progress), static (ref BufferEntryWriter writer, (long Number, OperationProgress Progress) value) =>
                OperationEntries.WriteProgress(ref writer, value.Number, value.Progress)));
        operations.ApplyProgress(number, progress);
    }

    public void Cancel(in Command command, LogEngine engine, long number)
    {
        command.AppendState(
            engine.System, Entry(CatalogEntryKind.OperationCancelling, number, static (ref BufferEntryWriter writer, long value) => writer.Unsigned(value)));
        operations.ApplyCancelling(number);
    }

    public void End(in Command command, LogEngine engine, long number, OperationStatus status, long now, string? failureReason)
    {
        command.AppendState(
            engine.System,
            Entry(CatalogEntryKind.OperationEnded, (number, status, now, failureReason), static (ref BufferEntryWriter writer, (long Number, OperationStatus Status, long Now, string? Reason) value) =>
                OperationEntries.WriteEnded(ref writer, value.Number, value.Status, value.Now, value.Reason)));
        operations.ApplyEnded(number, status, now, failureReason);
    }

    /// <summary>The fold; returns the time that the entry carries, or 0. False for an entry of another kind.</summary>
    public bool TryApply(CatalogEntryKind kind, ref EntryReader reader, out long time)
    {
        time = 0;
        switch (kind)
        {
            case CatalogEntryKind.OperationStarted:
                LongOperation operation = OperationEntries.ReadStarted(ref reader);
                time = operation.StartedMs;
                operations.ApplyStarted(operation);
                return true;
            case CatalogEntryKind.OperationProgress:
                operations.ApplyProgress(reader.Unsigned(), OperationEntries.ReadProgress(ref reader));
                return true;
            case CatalogEntryKind.OperationCancelling:
                operations.ApplyCancelling(reader.Unsigned());
                return true;
            case CatalogEntryKind.OperationEnded:
                long number = reader.Unsigned();
                var status = (OperationStatus)reader.Int32();
                time = reader.Unsigned();
                operations.ApplyEnded(number, status, time, OperationEntries.OptionalText(ref reader));
                return true;
            default:
                return false;
        }
    }

    private static byte[] Entry<TValue>(CatalogEntryKind kind, TValue value, Writer<TValue> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new BufferEntryWriter(buffer);
        writer.Byte((byte)kind);
        write(ref writer, value);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
