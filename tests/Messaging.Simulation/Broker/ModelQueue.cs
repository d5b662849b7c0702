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

    /// <summary>Messages that are not acknowledged, cancelled or dropped, by offset; those that have expired stay, and are not alive.</summary>
    public Dictionary<long, ModelMessage> Messages { get; private init; } = [];

    /// <summary>The offset of the next message.</summary>
    public long Next { get; set; }

    /// <summary>The latest due time that a message got by the queue's own delay.</summary>
    public long LastDueMs { get; set; }

    /// <summary>The number of the queue that its dead letters go to; null while it names none, or none that is there.</summary>
    public int? DeadLetterQueue { get; set; }

    /// <summary>It has had all its deliveries, and is ready for nobody.</summary>
    public bool IsDead(ModelMessage message) => DeadLetterQueue is not null && message.CountedReceives >= Definition.DeadLetter!.MaxReceives;

    /// <summary>A message may have come from a queue with more priorities.</summary>
    public int PriorityOf(ModelMessage message) => Math.Min(message.Priority, Definition.Priorities - 1);

    /// <summary>The message of the id, by its place or since it was moved here.</summary>
    public ModelMessage? Find(HeldId held, long now) =>
        Messages.Values.FirstOrDefault(message => message.MovedId == held.Id && message.IsAlive(now)) ?? (Number == held.Number ? Find(held.Offset, now) : null);

    public IEnumerable<ModelMessage> Alive(long now) => Messages.Values.Where(message => message.IsAlive(now));

    public ModelMessage? Find(long offset, long now) => Messages.TryGetValue(offset, out ModelMessage? message) && message.IsAlive(now) ? message : null;

    /// <summary>Nobody is shown it any more.</summary>
    public bool IsPastRetention(ModelMessage message, long now) => !message.IsLeased(now) && message.KeptFromMs < now - (Definition.RetentionSeconds * 1_000L);

    /// <summary>A standard queue with groups: which of them come first depends on what each took before, and only what is in no doubt is judged.</summary>
    public bool IsFair => Definition.Type == QueueType.Standard && Messages.Values.Any(message => message.Group is not null);

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
        Find(held.Offset, now) is { } message && message.ReceiveCount == held.ReceiveCount && message.IsLeased(now)
        && message.LeasedUntilMs == attempt.DeadlineMs;

    /// <summary>What can be delivered, in order: the oldest of the highest priority; of an ordered queue one group after the other, none of which a message is out.</summary>
    public List<ModelMessage> Ready(long now, int max)
    {
        IEnumerable<ModelMessage> ready = Alive(now).Where(message => message.IsReady(now) && !IsDead(message)).OrderByDescending(PriorityOf).ThenBy(message => message.Offset);
        if (Definition.Type == QueueType.Fifo)
        {
            HashSet<string?> blocked = [.. Alive(now).Where(message => message.ReceiveCount > 0 && (!message.IsReady(now) || IsDead(message))).Select(message => message.Group)];
            ready = ready.Where(message => !blocked.Contains(message.Group)).GroupBy(message => message.Group).SelectMany(group => group);
        }

        return [.. ready.Take(max)];
    }

    public QueueCounts Counts(long now) => new(
        Alive(now).Count(message => message.IsReady(now)),
        Alive(now).Count(message => message.IsLeased(now)),
        Alive(now).Count(message => message.IsDelayed(now)));

    public ModelQueue Copy() => new(Number, Key)
    {
        Definition = Definition,
        Version = Version,
        CreatedMs = CreatedMs,
        ModifiedMs = ModifiedMs,
        Messages = new Dictionary<long, ModelMessage>(Messages),
        Next = Next,
        LastDueMs = LastDueMs,
        DeadLetterQueue = DeadLetterQueue,
        Answers = new Dictionary<string, ModelAnswer>(Answers),
        Firsts = new Dictionary<string, ModelFirst>(Firsts),
        Attempts = new Dictionary<string, ModelAttempt>(Attempts),
    };
}
