using Messaging.Storage.Journal;
using Messaging.Storage.Meta;
using Messaging.Storage.Packs;

namespace Messaging.Storage.Recovery;

/// <summary>What recovery hands to the engine.</summary>
internal sealed class RecoveredState(MetaRecord meta, JournalRing ring)
{
    public MetaRecord Meta { get; set; } = meta;

    public JournalRing Ring { get; } = ring;

    public Dictionary<long, LogStream> Streams { get; } = new() { [0] = new LogStream(0) };

    public Dictionary<long, Pack> Packs { get; } = [];

    public long LastStreamId { get; set; }

    public long LastPackId { get; set; }

    public JournalPosition Position { get; set; }

    /// <summary>The journal was read after an unclean stop: a checkpoint must come before anything becomes visible.</summary>
    public bool NeedsCheckpoint { get; set; }

    public long FramesReplayed { get; set; }

    /// <summary>Size of the last replayed frame with its padding: it ends at <see cref="Position"/>.</summary>
    public int LastFrameBytes { get; set; }
}
