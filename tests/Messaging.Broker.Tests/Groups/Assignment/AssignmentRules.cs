using Messaging.Broker.Groups.Assignment;

namespace Messaging.Broker.Tests.Groups.Assignment;

/// <summary>Random groups, and what holds for every assignment of them.</summary>
internal static class AssignmentRules
{
    public static int[] None(int[] counts) => [.. Enumerable.Repeat(AssignmentInput.Nobody, counts.Sum())];

    public static (int[] Counts, int[][] Subscriptions) Draw(Random random, bool isUniform = false)
    {
        int[] counts = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(0, 12))];
        int[][] subscriptions = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Subscription(random, counts.Length, isUniform))];
        return (counts, subscriptions);
    }

    public static int[] Subscription(Random random, int topics, bool isUniform) =>
        [.. Enumerable.Range(0, topics).Where(_ => isUniform || random.Next(3) > 0)];

    public static void CheckOwners(int[] counts, int[][] subscriptions, int[] owners)
    {
        Assert.Equal(counts.Sum(), owners.Length);
        for (int partition = 0; partition < owners.Length; partition++)
        {
            int topic = TopicOf(counts, partition);
            if (owners[partition] >= 0) Assert.Contains(topic, subscriptions[owners[partition]]);
            else Assert.DoesNotContain(subscriptions, wanted => wanted.Contains(topic));
        }
    }

    /// <summary>No partition could go to another subscriber that has fewer by two or more: what Kafka calls balanced.</summary>
    public static void CheckBalance(int[] counts, int[][] subscriptions, int[] owners)
    {
        int[] held = Held(subscriptions.Length, owners);
        for (int partition = 0; partition < owners.Length; partition++)
        {
            int topic = TopicOf(counts, partition);
            for (int member = 0; member < subscriptions.Length; member++)
            {
                if (subscriptions[member].Contains(topic)) Assert.True(held[owners[partition]] <= held[member] + 1, $"Partition {partition} should go to {member}.");
            }
        }
    }

    public static int[] Held(int members, int[] owners)
    {
        int[] held = new int[members];
        foreach (int owner in owners)
        {
            if (owner >= 0) held[owner]++;
        }

        return held;
    }

    public static int Moved(int[] before, int[] after) => before.Zip(after).Count(pair => pair.First >= 0 && pair.First != pair.Second);

    private static int TopicOf(int[] counts, int partition)
    {
        int topic = 0;
        for (int first = 0; partition >= first + counts[topic]; topic++) first += counts[topic];
        return topic;
    }
}
