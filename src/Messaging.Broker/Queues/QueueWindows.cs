using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>
/// All that a queue remembers for a time so that a repeated call has no second effect. It outlives the messages that it speaks of, whatever becomes of them, and
/// dies with the queue. A part is there only while something in it is remembered. Guarded by the sequencer; journaled by <see cref="WindowEntries"/>.
/// </summary>
internal sealed class QueueWindows
{
    /// <summary>Answers by the hash of their idempotency key.</summary>
    public TimedMap<RememberedAnswer>? Answers { get; private set; }

    /// <summary>First messages by the hash of their deduplication id.</summary>
    public TimedMap<FirstMessage>? Firsts { get; private set; }

    /// <summary>Receive attempts by the hash of their id.</summary>
    public TimedMap<ReceiveAttempt>? Attempts { get; private set; }

    public bool IsEmpty => Answers is null && Firsts is null && Attempts is null;

    public bool IsFullOfIds => Firsts?.Weight >= QueueLimits.DeduplicationIdsPerQueueMax;

    public bool HasRoomForIds(int count) => (Firsts?.Weight ?? 0) + count <= QueueLimits.DeduplicationIdsPerQueueMax;

    /// <summary>Whether this answer would be more than the queue may remember.</summary>
    public bool IsFullOfAnswers(int answerBytes) =>
        (Answers?.Weight ?? 0) + RememberedAnswer.WeightOf(answerBytes) > QueueLimits.IdempotencyKeysPerQueueMax;

    public void ApplyAnswered(in Hash128 key, RememberedAnswer answer, long until) => (Answers ??= new TimedMap<RememberedAnswer>()).Set(key, answer, until);

    /// <summary>False when no message was sent under this id, or none within its window.</summary>
    public bool TryGetFirst(in Hash128 id, long now, out long offset)
    {
        FirstMessage first = default;
        bool found = Firsts?.TryGet(id, now, out first, out _) == true;
        offset = first.Offset;
        return found;
    }

    public void ApplyDeduplicated(in Hash128 id, long offset, long until) => (Firsts ??= new TimedMap<FirstMessage>()).Set(id, new FirstMessage(offset), until);

    /// <summary>Forgets the oldest ones where there are too many: those that are over come first, so that it does not matter which of them are still there.</summary>
    public void ApplyAttempted(in Hash128 id, ReceiveAttempt attempt, long until)
    {
        Attempts ??= new TimedMap<ReceiveAttempt>();
        while (Attempts.Count > 0 && Attempts.Weight + attempt.Weight > QueueLimits.ReceiveAttemptMessagesPerQueueMax) Attempts.ForgetOldest();
        Attempts.Set(id, attempt, until);
    }

    /// <summary>The one place where windows end; see <see cref="TimedMap{TValue}.Advance"/>.</summary>
    public void Advance(long now)
    {
        Answers?.Advance(now);
        Firsts?.Advance(now);
        Attempts?.Advance(now);
    }

    /// <summary>Drops the parts of which nothing is remembered any more.</summary>
    public void Trim(long now)
    {
        if (Answers?.IsOver(now) == true) Answers = null;
        if (Firsts?.IsOver(now) == true) Firsts = null;
        if (Attempts?.IsOver(now) == true) Attempts = null;
    }
}
