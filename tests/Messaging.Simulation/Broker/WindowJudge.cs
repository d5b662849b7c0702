using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;

namespace Messaging.Simulation.Broker;

/// <summary>Compares what a queue remembers for a time with the model's, by its hashes.</summary>
internal static class WindowJudge
{
    /// <summary>The first thing that differs, or null.</summary>
    public static string? Difference(ModelQueue queue, QueueWindows? windows, long now) =>
        Difference(
            "key", windows?.Answers, queue.Answers.Select(known => (known.Key, known.Value.UntilMs)), now,
            HashOf, (key, answer) => answer.Request.Equals(HashOf(queue.Answers[key].Asked)))
        ?? Difference(
            "id", windows?.Firsts, queue.Firsts.Select(known => (known.Key, known.Value.UntilMs)), now,
            HashOfId, (id, first) => first.Offset == queue.Firsts[id].Offset)
        ?? Difference(
            "attempt", windows?.Attempts, queue.Attempts.Select(known => (known.Key, known.Value.UntilMs)), now,
            HashOf, (id, attempt) => IsSame(queue.Attempts[id], attempt));

    private static string? Difference<TValue>(
        string what, TimedMap<TValue>? map, IEnumerable<(string Text, long UntilMs)> known, long now, Func<string, Hash128> hashOf, Func<string, TValue, bool> isSame)
        where TValue : IRemembered
    {
        int count = 0;
        foreach ((string text, long untilMs) in known.Where(one => one.UntilMs > now))
        {
            count++;
            if (map is null || !map.TryGet(hashOf(text), now, out TValue value, out long until) || until != untilMs || !isSame(text, value))
            {
                return $"{what} \"{text}\" is remembered until {untilMs}";
            }
        }

        int remembered = 0;
        if (map is not null)
        {
            foreach ((_, TimedMap<TValue>.Entry entry) in map)
            {
                remembered += entry.Until > now ? 1 : 0;
            }
        }

        return remembered == count ? null : $"{count} {what}s, not {remembered}";
    }

    // In whatever order: that of groups of a standard queue is not the model's to say.
    private static bool IsSame(ModelAttempt expected, ReceiveAttempt attempt) =>
        expected.DeadlineMs == attempt.Deadline && expected.Messages.Order().SequenceEqual(attempt.Messages.Select(message => (message.Offset, message.ReceiveCount)).Order());

    private static Hash128 HashOf(string text) => Hash128.Of(Encoding.UTF8.GetBytes(text));

    private static Hash128 HashOfId(string id) => DeduplicationIds.Hash(DeduplicationScope.Queue, group: default, Encoding.UTF8.GetBytes(id));
}
