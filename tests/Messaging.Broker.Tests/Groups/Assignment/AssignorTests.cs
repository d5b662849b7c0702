using Messaging.Broker.Groups.Assignment;

namespace Messaging.Broker.Tests.Groups.Assignment;

public sealed class AssignorTests
{
    private const int Members = 1_000;
    private const int Partitions = 10_000;

    // A thousand members share ten thousand partitions in about a millisecond where all want the same, and in up to 150 ms where each has topics of its own
    // (two cores); the bound leaves room for a machine that does much else.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    public static TheoryData<AssignmentStrategy> Strategies => new(Enum.GetValues<AssignmentStrategy>());

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Every_partition_has_one_subscriber_and_the_same_input_has_the_same_answer(AssignmentStrategy strategy)
    {
        var random = new Random(5);
        for (int round = 0; round < 500; round++)
        {
            (int[] counts, int[][] subscriptions) = AssignmentRules.Draw(random);
            int[] previous = [.. Enumerable.Range(0, counts.Sum()).Select(_ => random.Next(-1, subscriptions.Length))];
            int[] owners = Assignor.Assign(strategy, new AssignmentInput(counts, subscriptions, previous));
            AssignmentRules.CheckOwners(counts, subscriptions, owners);
            Assert.Equal(owners, Assignor.Assign(strategy, new AssignmentInput(counts, subscriptions, previous)));
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_group_without_members_gives_nothing_to_anybody(AssignmentStrategy strategy) =>
        Assert.Equal([-1, -1], Assignor.Assign(strategy, new AssignmentInput([2], [], [-1, -1])));

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_large_group_of_equal_members_is_shared_out_in_time(AssignmentStrategy strategy)
    {
        int[][] subscriptions = [.. Enumerable.Repeat(Enumerable.Range(0, 10).ToArray(), Members)];
        Measure(strategy, [.. Enumerable.Repeat(Partitions / 10, 10)], subscriptions, Everything(owner: 0));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_large_group_of_members_with_other_topics_is_shared_out_in_time(AssignmentStrategy strategy)
    {
        var random = new Random(1);
        int[][] subscriptions = [.. Enumerable.Range(0, Members).Select(_ => AssignmentRules.Subscription(random, 100, isUniform: false))];
        int[] previous = [.. Enumerable.Range(0, Partitions).Select(_ => random.Next(-1, 10))];
        Measure(strategy, [.. Enumerable.Repeat(Partitions / 100, 100)], subscriptions, previous);
    }

    [Fact]
    public void A_chain_of_members_whose_topics_overlap_is_balanced_in_time()
    {
        // All weight is at one end, and goes from neighbour to neighbour.
        int[] counts = [.. Enumerable.Range(0, Members).Select(topic => topic < 10 ? (Partitions / 10) - 99 : 1)];
        int[][] subscriptions = [.. Enumerable.Range(0, Members).Select(member => member == 0 ? new[] { 0 } : [member - 1, member])];
        int[] previous = AssignmentRules.None(counts);
        int[] owners = Measure(AssignmentStrategy.Sticky, counts, subscriptions, previous);
        AssignmentRules.CheckOwners(counts, subscriptions, owners);
    }

    private static int[] Everything(int owner) => [.. Enumerable.Repeat(owner, Partitions)];

    private static int[] Measure(AssignmentStrategy strategy, int[] counts, int[][] subscriptions, int[] previous)
    {
        long start = TimeProvider.System.GetTimestamp();
        int[] owners = Assignor.Assign(strategy, new AssignmentInput(counts, subscriptions, previous));
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
        Assert.True(elapsed < Bound, $"{strategy}: {elapsed}");
        return owners;
    }
}
