using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.FanOut;

/// <summary>A record on its way to queues.</summary>
internal struct FanOutRecord
{
    /// <summary>The stored body, which ends with an empty <see cref="Messages.PublishedPlace"/>.</summary>
    public Memory<byte> Body;

    /// <summary>The partition's, or where it has gathered.</summary>
    public LogStream Stream;

    /// <summary>The partition's, as copies tell it.</summary>
    public long StreamId;

    /// <summary>The body stands in the partition as it does in queues, so that it stands once for all of them.</summary>
    public bool IsShared;

    /// <summary>In the partition; known once it was appended there.</summary>
    public long Offset;

    /// <summary>When it was published, in ms since 1970; 0: now.</summary>
    public long PublishedMs;

    /// <summary>Of its key, as a message group.</summary>
    public LaneKey Lane;

    /// <summary>Null: no queue gets it.</summary>
    public FanOutGroup? Group;
}
