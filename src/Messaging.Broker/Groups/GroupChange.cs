using System.Buffers;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>
/// What one command changes in one group: entries, each applied to the state by the fold itself as soon as it is written, so that the live state can't differ
/// from a recovered one. The caller appends them to the group's stream in the same command. Inside the sequencer, or in recovery's place in a test.
/// </summary>
internal sealed class GroupChange
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<int> _ends = [];

    public GroupChange(GroupState state, long now)
    {
        state.Advance(now);
        (State, NowMs) = (state, now);
    }

    public GroupState State { get; }

    public long NowMs { get; }

    /// <summary>Entries so far.</summary>
    public int Count => _ends.Count;

    public ReadOnlySpan<byte> this[int index] => _bytes.WrittenSpan[(index == 0 ? 0 : _ends[index - 1]).._ends[index]];

    /// <summary>Kind and time. <see cref="End"/> follows before another entry begins.</summary>
    public BufferEntryWriter Begin(GroupEntryKind kind)
    {
        BufferEntryWriter writer = BeginTimeless(kind);
        writer.Unsigned(NowMs);
        return writer;
    }

    /// <summary>The kind alone.</summary>
    public BufferEntryWriter BeginTimeless(GroupEntryKind kind)
    {
        var writer = new BufferEntryWriter(_bytes);
        writer.Byte((byte)kind);
        return writer;
    }

    /// <summary>The entry is whole, and applied.</summary>
    public void End(ref BufferEntryWriter writer)
    {
        writer.Flush();
        int start = _ends.Count == 0 ? 0 : _ends[^1];
        _ends.Add(_bytes.WrittenCount);
        GroupEntries.Apply(State, _bytes.WrittenSpan[start..]);
    }
}
