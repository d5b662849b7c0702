using Messaging.Broker.Groups.Assignment;

namespace Messaging.Broker.Tests.Groups.Assignment;

public sealed class StickyAssignorTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 12));

    [Fact]
    public void Whoever_joins_gets_a_share_and_nothing_else_moves()
    {
        int[] counts = [12];
        int[] two = Assign(counts, [[0], [0]], AssignmentRules.None(counts));
        int[] three = Assign(counts, [[0], [0], [0]], two);
        Assert.Equal([4, 4, 4], AssignmentRules.Held(3, three));
        Assert.Equal(4, AssignmentRules.Moved(two, three));
    }

    [Fact]
    public void Only_what_a_leaver_had_moves()
    {
        int[] counts = [10, 7];
        int[] before = Assign(counts, [[0, 1], [0, 1], [0, 1]], AssignmentRules.None(counts));
        int[] left = [.. before.Select(owner => owner == 1 ? AssignmentInput.Nobody : owner == 2 ? 1 : owner)];
        int[] after = Assign(counts, [[0, 1], [0, 1]], left);
        Assert.Equal(0, AssignmentRules.Moved(left, after));
        Assert.Equal([9, 8], AssignmentRules.Held(2, after));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void With_equal_subscriptions_members_differ_by_one_at_most_and_no_balanced_assignment_moves_fewer(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 300; round++)
        {
            (int[] counts, int[][] subscriptions) = AssignmentRules.Draw(random, isUniform: true);
            int[] previous = [.. Enumerable.Range(0, counts.Sum()).Select(_ => random.Next(-1, subscriptions.Length))];
            int[] owners = Assign(counts, subscriptions, previous);
            AssignmentRules.CheckOwners(counts, subscriptions, owners);
            int[] held = AssignmentRules.Held(subscriptions.Length, owners);
            Assert.True(held.Max() - held.Min() <= 1);
            // Each keeps its quota at most; the larger quotas go to whoever has most, so that no other choice keeps more.
            (int share, int more) = Math.DivRem(owners.Length, subscriptions.Length);
            int[] had = AssignmentRules.Held(subscriptions.Length, previous);
            int kept = had.OrderDescending().Select((count, place) => Math.Min(count, share + (place < more ? 1 : 0))).Sum();
            Assert.Equal(had.Sum() - kept, AssignmentRules.Moved(previous, owners));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void With_other_subscriptions_it_is_balanced_as_far_as_they_allow_and_moves_nothing_when_it_is(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 300; round++)
        {
            (int[] counts, int[][] subscriptions) = AssignmentRules.Draw(random);
            int[] previous = [.. Enumerable.Range(0, counts.Sum()).Select(_ => random.Next(-1, subscriptions.Length))];
            int[] owners = Assign(counts, subscriptions, previous);
            AssignmentRules.CheckOwners(counts, subscriptions, owners);
            AssignmentRules.CheckBalance(counts, subscriptions, owners);
            Assert.Equal(owners, Assign(counts, subscriptions, owners));
            Assert.Equal(owners, Assign(counts, subscriptions, previous));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void With_other_subscriptions_a_join_moves_only_to_whoever_joined_or_for_balance(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 100; round++)
        {
            (int[] counts, int[][] subscriptions) = AssignmentRules.Draw(random);
            int[] before = Assign(counts, subscriptions, AssignmentRules.None(counts));
            int[][] more = [.. subscriptions, AssignmentRules.Subscription(random, counts.Length, isUniform: false)];
            int[] after = Assign(counts, more, before);
            AssignmentRules.CheckBalance(counts, more, after);
            // Each round of gifts ends with the one who joined: nobody who gave gets back as many as it had, or more.
            int[] had = AssignmentRules.Held(more.Length, before);
            int[] has = AssignmentRules.Held(more.Length, after);
            for (int member = 0; member < subscriptions.Length; member++) Assert.True(has[member] <= had[member]);
        }
    }

    private static int[] Assign(int[] counts, int[][] subscriptions, int[] previous) => StickyAssignor.Assign(new AssignmentInput(counts, subscriptions, previous));
}
