using Messaging.Storage;

namespace Messaging.Broker.Groups;

/// <summary>One consumer group of this process: its stream and its state. Guarded by the sequencer.</summary>
internal sealed class LiveGroup(LogStream stream)
{
    public LogStream Stream { get; } = stream;

    public GroupState State { get; } = new(stream.Id);

    /// <summary>The topics of its namespace; null until its first entry has come.</summary>
    public GroupTopics? Topics { get; set; }

    /// <summary>The number of the topics' changes that it has followed; below 0 for none.</summary>
    public long TopicsSeen { get; set; } = -1;

    /// <summary>Its place in the round of the heartbeat.</summary>
    public int Index { get; set; }

    /// <summary>Whether time and topics have nothing to change, so that a call may turn out to write nothing.</summary>
    public bool IsCalm(long now) =>
        TopicsSeen == Topics!.Changes && (State.Members.Count == 0 || now < State.Members.NextDeadlineMs) && !State.Members.IsTargetStale;
}
