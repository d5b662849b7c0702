using Messaging.Broker.Groups.Assignment;

namespace Messaging.Broker.Tests.Groups.Assignment;

public sealed class RoundRobinAssignorTests
{
    [Fact]
    public void Partitions_go_round_and_the_circle_goes_on_from_topic_to_topic() =>
        Assert.Equal([0, 1, 0, /* t1 */ 1, 0, 1], Assign([3, 3], [[0, 1], [0, 1]]));

    [Fact]
    public void Members_that_do_not_want_the_topic_are_passed_over()
    {
        // Kafka's example: m0 wants t0; m1 wants t0 and t1; m2 wants all.
        Assert.Equal([0, /* t1 */ 1, 2, /* t2 */ 2, 2, 2], Assign([1, 2, 3], [[0], [0, 1], [0, 1, 2]]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void It_gives_what_a_walk_around_the_circle_gives(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            (int[] counts, int[][] subscriptions) = AssignmentRules.Draw(random);
            Assert.Equal(Walk(counts, subscriptions), Assign(counts, subscriptions));
        }
    }

    private static int[] Assign(int[] counts, int[][] subscriptions) => RoundRobinAssignor.Assign(new AssignmentInput(counts, subscriptions, AssignmentRules.None(counts)));

    // As Kafka's assignor is written: step by step, whoever does not want the topic is skipped.
    private static List<int> Walk(int[] counts, int[][] subscriptions)
    {
        var owners = new List<int>();
        int turn = 0;
        for (int topic = 0; topic < counts.Length; topic++)
        {
            for (int i = 0; i < counts[topic]; i++)
            {
                if (!subscriptions.Any(wanted => wanted.Contains(topic)))
                {
                    owners.Add(-1);
                    continue;
                }

                while (!subscriptions[turn % subscriptions.Length].Contains(topic)) turn++;
                owners.Add(turn++ % subscriptions.Length);
            }
        }

        return owners;
    }
}
