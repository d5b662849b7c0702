using Messaging.Storage;

namespace Messaging.Simulation.Engine;

/// <summary>What one command does, effect by effect, and the engine's promise that it is on the disk.</summary>
internal sealed class ModelCommand(long number)
{
    public long Number { get; } = number;

    public List<ModelEffect> Effects { get; } = [];

    public Task Commit { get; set; } = Task.CompletedTask;

    /// <summary>Its room in the journal, held until it is acknowledged.</summary>
    public Admission Admission { get; init; }
}

internal enum EffectKind
{
    StreamCreated,
    StreamDropped,
    Appended,
    BatchAppended,
    Entry,
}

/// <summary>
/// One effect on one stream: <see cref="Value"/> is the offset appended, or the entry's value; <see cref="Body"/> the record's body, or the whole batch. No body: an
/// offset that no record is read by, within a batch that is compressed or has gaps.
/// </summary>
internal readonly record struct ModelEffect(EffectKind Kind, long StreamId, long Value = 0, EntryKind Entry = default, long Timestamp = 0, byte[]? Body = null)
{
    /// <summary>What the offset holds alive. Bytes.</summary>
    public long Bytes { get; init; } = Body?.Length ?? 0;
}
