using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Simulation.Broker;

/// <summary>A queue as anyone would write it: a dictionary of what is not gone. The number tells it from an earlier queue of its name.</summary>
internal sealed class ModelQueue(int number, QueueKey key)
{
    public int Number { get; } = number;

    public QueueKey Key { get; } = key;

    public QueueDefinition Definition { get; set; } = new();

    public long Version { get; set; }

    public long CreatedMs { get; set; }

    public long ModifiedMs { get; set; }

    /// <summary>Messages that are neither acknowledged nor over their retention, by offset.</summary>
    public Dictionary<long, ModelMessage> Messages { get; private init; } = [];

    /// <summary>The offset of the next message.</summary>
    public long Next { get; set; }

    /// <summary>The latest due time that a message got by the queue's own delay.</summary>
    public long LastDueMs { get; set; }

    /// <summary>By idempotency key.</summary>
    public Dictionary<string, ModelAnswer> Answers { get; private init; } = [];

    /// <summary>What the key stands for; null when it is not remembered, or no longer.</summary>
    public ModelAnswer? AnswerOf(string? key, long now) => key is not null && Answers.GetValueOrDefault(key) is { } answer && answer.UntilMs > now ? answer : null;

    /// <summary>By deduplication id.</summary>
    public Dictionary<string, ModelFirst> Firsts { get; private init; } = [];

    /// <summary>The message that the id stands for; null for none, or none any more.</summary>
    public ModelFirst? FirstOf(string? id, long now) => id is not null && Firsts.TryGetValue(id, out ModelFirst first) && first.UntilMs > now ? first : null;

    /// <summary>By attempt id.</summary>
    public Dictionary<string, ModelAttempt> Attempts { get; private init; } = [];

    /// <summary>What the attempt has delivered; null when it is not remembered, or some of that is not as it has left it.</summary>
    public ModelAttempt? AttemptOf(string? id, long now) =>
        id is not null && Attempts.GetValueOrDefault(id) is { Messages.Count: > 0 } attempt && attempt.UntilMs > now && attempt.Messages.All(message => Holds(attempt, message, now))
            ? attempt
            : null;

    public bool Holds(ModelAttempt attempt, (long Offset, int ReceiveCount) held, long now) =>
        Messages.TryGetValue(held.Offset, out ModelMessage? message) && message.ReceiveCount == held.ReceiveCount && message.IsLeased(now)
        && message.ReadyMs == attempt.DeadlineMs;

    /// <summary>The oldest first.</summary>
    public List<ModelMessage> Ready(long now, int max)
    {
        List<ModelMessage> ready = [.. Messages.Values.Where(message => message.IsReady(now))];
        ready.Sort(static (left, right) => left.Offset.CompareTo(right.Offset));
        return ready.Count > max ? ready[..max] : ready;
    }

    public QueueCounts Counts(long now) => new(
        Messages.Values.Count(message => message.IsReady(now)),
        Messages.Values.Count(message => message.IsLeased(now)),
        Messages.Values.Count(message => message.IsDelayed(now)));

    public ModelQueue Copy() => new(Number, Key)
    {
        Definition = Definition,
        Version = Version,
        CreatedMs = CreatedMs,
        ModifiedMs = ModifiedMs,
        Messages = new Dictionary<long, ModelMessage>(Messages),
        Next = Next,
        LastDueMs = LastDueMs,
        Answers = new Dictionary<string, ModelAnswer>(Answers),
        Firsts = new Dictionary<string, ModelFirst>(Firsts),
        Attempts = new Dictionary<string, ModelAttempt>(Attempts),
    };
}
