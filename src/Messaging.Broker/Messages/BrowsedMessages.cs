using Messaging.Broker.Names;

namespace Messaging.Broker.Messages;

/// <summary>
/// Messages that were looked at, in the order of their offsets. Owns the memory of their bodies: dispose it when the response is composed, and touch no
/// message afterwards. Used by one caller at a time.
/// </summary>
public sealed class BrowsedMessages : IDisposable
{
    private readonly IDisposable _records;

    internal BrowsedMessages(QueueKey queue, IReadOnlyList<BrowsedMessage> messages, IReadOnlyList<MessageId> damaged, IDisposable records) =>
        (Queue, Messages, Damaged, _records) = (queue, messages, damaged, records);

    /// <summary>The queue that they are in: of one that was looked at by its id perhaps not the one that was asked.</summary>
    public QueueKey Queue { get; }

    /// <summary>Those that can be read; valid until disposed.</summary>
    public IReadOnlyList<BrowsedMessage> Messages { get; }

    /// <summary>Those whose bytes can't be read from the disk; usually empty.</summary>
    public IReadOnlyList<MessageId> Damaged { get; }

    /// <summary>Where the next page begins; null on the last one. A page may be short, even empty, and not be the last.</summary>
    public string? NextPageToken { get; internal set; }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();
}
