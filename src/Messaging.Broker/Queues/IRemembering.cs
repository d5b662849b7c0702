using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>Who remembers the answers to idempotency keys: a queue, or a topic in its first partition. Guarded by the sequencer.</summary>
internal interface IRemembering
{
    LogStream Stream { get; }

    /// <summary>Dropped, and what it remembered with it.</summary>
    bool Deleted { get; }

    /// <summary>Null while nothing is remembered.</summary>
    QueueWindows? Windows { get; }

    /// <summary>The first byte of the entry that says what was answered.</summary>
    byte AnsweredKind { get; }

    /// <summary>Lets go of what time is over for.</summary>
    void Advance(long now);

    /// <summary>To remember something in.</summary>
    QueueWindows OpenWindows();
}
