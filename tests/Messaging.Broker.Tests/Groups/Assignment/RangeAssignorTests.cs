using Messaging.Broker.Groups.Assignment;

namespace Messaging.Broker.Tests.Groups.Assignment;

public sealed class RangeAssignorTests
{
    [Fact]
    public void Each_topic_is_cut_into_runs_and_the_first_members_get_one_more()
    {
        int[] owners = Assign([3, 5], [[0, 1], [0, 1]]);
        Assert.Equal([0, 0, 1, /* the second topic */ 0, 0, 0, 1, 1], owners);
    }

    [Fact]
    public void Partitions_of_one_number_go_to_one_member_where_topics_have_as_many()
    {
        int[] owners = Assign([6, 6], [[0, 1], [0, 1], [0, 1], [0, 1]]);
        Assert.Equal(owners[..6], owners[6..]);
    }

    [Fact]
    public void Only_subscribers_of_a_topic_get_its_partitions()
    {
        // Kafka's example: m0 wants t0; m1 wants t0 and t1; m2 wants all.
        Assert.Equal([0, /* t1 */ 1, 2, /* t2 */ 2, 2, 2], Assign([1, 2, 3], [[0], [0, 1], [0, 1, 2]]));
    }

    [Fact]
    public void A_topic_that_nobody_wants_or_without_partitions_has_no_owners() => Assert.Equal([-1, -1, 0], Assign([2, 0, 1], [[1, 2]]));

    private static int[] Assign(int[] counts, int[][] subscriptions) => RangeAssignor.Assign(new AssignmentInput(counts, subscriptions, AssignmentRules.None(counts)));
}
