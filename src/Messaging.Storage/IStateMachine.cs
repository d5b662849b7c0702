using System.Buffers;
using Messaging.Storage.Records;

namespace Messaging.Storage;

/// <summary>
/// What stands above the engine: it gives entries their meaning and folds them into state (engine.md section 8). Recovery
/// calls on one thread before <see cref="LogEngine.Open"/> returns; <see cref="Snapshot"/> runs inside the sequencer.
/// The fold must be insensitive to records of one frame moving ahead of its state entries: records of a stream share a batch.
/// </summary>
public interface IStateMachine
{
    /// <summary>The checkpoint's state of one stream; the system stream first.</summary>
    void Restore(LogStream stream, ReadOnlySpan<byte> snapshot);

    /// <summary>One batch of a replayed frame: it took its <c>LastOffsetDelta + 1</c> offsets. Live commands tell their state themselves.</summary>
    void RecordsAppended(LogStream stream, in RecordBatchHeader batch);

    void Apply(LogStream stream, ReadOnlySpan<byte> entry);

    void StreamDropped(LogStream stream);

    void Snapshot(LogStream stream, IBufferWriter<byte> destination);
}
