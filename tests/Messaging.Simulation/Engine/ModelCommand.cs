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
    Entry,
}

/// <summary>One effect on one stream: <see cref="Value"/> is the offset appended, or the entry's value.</summary>
internal readonly record struct ModelEffect(EffectKind Kind, long StreamId, long Value = 0, EntryKind Entry = default, long Timestamp = 0, byte[]? Body = null);
