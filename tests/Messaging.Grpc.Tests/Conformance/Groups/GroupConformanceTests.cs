using Messaging.Grpc.Tests.Conformance.Topics;

namespace Messaging.Grpc.Tests.Conformance.Groups;

/// <summary>The operations of the broker on consumer groups have the same outcomes whoever asks: each scenario runs over every front that has records, and over each with the other one behind it.</summary>
public sealed class GroupConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    private readonly GrpcTopicFront _topics = new(fronts.Server.Channel);
    private readonly Dictionary<string, IGroupFront> _fronts = new() { [Fronts.Rest] = new RestGroupFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcGroupFront(fronts.Server) };
    private readonly string _group = GrpcServer.NewName();

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Offsets_are_committed_each_for_itself_and_read_back_with_their_lag(string first, string second)
    {
        string topic = await TopicOfThreeAsync();

        Assert.Equal(
            ["", "offsetOutOfRange", "topicNotFound", "partitionNotFound", "invalidValue"],
            await _fronts[first].CommitAsync(_group, null, new(topic, 0, 2, "m"), new(topic, 1, 9), new("nobody", 0, 0), new(topic, 7, 0), new(topic, 1, -1)));
        (string outcome, GroupProgress[] offsets) = await _fronts[second].GetOffsetsAsync(_group);

        Assert.Equal("", outcome);
        Assert.Equal([new GroupProgress(topic, 0, 2, "m", 1)], offsets);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Offsets_are_set_all_or_none_and_forgotten(string first, string second)
    {
        string topic = await TopicOfThreeAsync();

        Assert.Equal("offsetOutOfRange", await _fronts[first].PutOffsetsAsync(_group, new(topic, 0, 3), new(topic, 1, 1)));
        Assert.Equal("groupNotFound", (await _fronts[second].GetOffsetsAsync(_group)).Outcome);
        Assert.Equal("", await _fronts[first].PutOffsetsAsync(_group, new(topic, 0, 3), new(topic, 1, 0)));
        Assert.Equal([3L, 0L], (await _fronts[second].GetOffsetsAsync(_group)).Offsets.Select(one => one.Offset));
        Assert.Equal("", await _fronts[second].DeleteOffsetsAsync(_group, topic));
        Assert.Empty((await _fronts[first].GetOffsetsAsync(_group)).Offsets);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_reset_is_seen_by_all(string first, string second)
    {
        string topic = await TopicOfThreeAsync();
        await _fronts[second].CommitAsync(_group, null, new(topic, 0, 1), new(topic, 1, 0));

        foreach ((string to, long offset) in new[] { ("latest", 3L), ("earliest", 0L), ("9999-01-01T00:00:00Z", 3L), ("1970-01-01T00:00:00Z", 0L) })
        {
            (string outcome, IReadOnlyList<long> set) = await _fronts[first].ResetAsync(_group, to);

            Assert.Equal("", outcome);
            Assert.Equal([offset, 0L], set);
            Assert.Equal([offset, 0L], (await _fronts[second].GetOffsetsAsync(_group)).Offsets.Select(one => one.Offset!.Value));
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_one_front_fetches_another_commits_or_gives_back(string first, string second)
    {
        string topic = await TopicOfThreeAsync();

        (string outcome, string[] bodies, string token) = await _fronts[first].FetchAsync(_group, topic, 2);
        Assert.Equal("", outcome);
        Assert.Equal(["1", "2"], bodies);
        Assert.Empty((await _fronts[second].FetchAsync(_group, topic, 10)).Bodies);
        Assert.Equal("", await _fronts[second].CommitTokenAsync(_group, token));
        Assert.Equal("", await _fronts[first].CommitTokenAsync(_group, token));

        (_, bodies, token) = await _fronts[second].FetchAsync(_group, topic, 10);
        Assert.Equal(["3"], bodies);
        Assert.Equal("", await _fronts[first].ReleaseAsync(_group, token));
        Assert.Equal("leaseExpired", await _fronts[second].CommitTokenAsync(_group, token));
        Assert.Equal(["3"], (await _fronts[first].FetchAsync(_group, topic, 10)).Bodies);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Members_of_different_fronts_share_partitions(string first, string second)
    {
        string topic = await TopicOfThreeAsync();

        FrontMember one = (await _fronts[first].JoinAsync(_group, topic)).Member!;
        FrontMember other = (await _fronts[second].JoinAsync(_group, topic)).Member!;
        Assert.Equal([0, 1], one.Assigned);
        Assert.Equal((0, false), (other.Assigned.Count, other.IsSettled));
        // It is told what to give up, and then that it has: the other one has it from then on.
        one = (await _fronts[first].HeartbeatAsync(_group, one)).Member!;
        one = (await _fronts[first].HeartbeatAsync(_group, one)).Member!;
        other = (await _fronts[second].HeartbeatAsync(_group, other)).Member!;

        Assert.Equal([0, 1], one.Assigned.Concat(other.Assigned).Order());
        Assert.Equal((1, true, true), (one.Assigned.Count, one.IsSettled, other.IsSettled));
        Assert.Equal(("", "stable", 2), await _fronts[first].DescribeAsync(_group));
        // Who knows the member commits as it.
        Assert.Equal([""], await _fronts[second].CommitAsync(_group, one, new GroupPlace(topic, one.Assigned[0], 0)));
        Assert.Equal(["staleGeneration"], await _fronts[second].CommitAsync(_group, other with { Generation = other.Generation + 1 }, new GroupPlace(topic, 0, 0)));
        Assert.Equal("", await _fronts[second].LeaveAsync(_group, one));
        Assert.Equal("unknownMember", (await _fronts[first].HeartbeatAsync(_group, one)).Outcome);
        Assert.Equal([0, 1], (await _fronts[first].HeartbeatAsync(_group, other)).Member!.Assigned);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_static_member_comes_back_by_another_front_and_its_former_self_is_fenced(string first, string second)
    {
        string topic = await TopicOfThreeAsync();

        FrontMember before = (await _fronts[first].JoinAsync(_group, topic, "worker")).Member!;
        FrontMember after = (await _fronts[second].JoinAsync(_group, topic, "worker")).Member!;

        Assert.Equal(before.Generation, after.Generation);
        Assert.Equal(before.Assigned, after.Assigned);
        Assert.Equal("fencedInstance", (await _fronts[first].HeartbeatAsync(_group, before)).Outcome);
        Assert.Equal("", (await _fronts[first].HeartbeatAsync(_group, after)).Outcome);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_group_with_members_is_theirs(string first, string second)
    {
        string topic = await TopicOfThreeAsync();
        FrontMember member = (await _fronts[first].JoinAsync(_group, topic)).Member!;

        Assert.Equal("groupHasMembers", (await _fronts[second].FetchAsync(_group, topic, 1)).Outcome);
        Assert.Equal("groupHasMembers", await _fronts[second].PutOffsetsAsync(_group, new GroupPlace(topic, 0, 0)));
        Assert.Equal("groupNotEmpty", await _fronts[second].DeleteAsync(_group));
        await _fronts[first].CommitAsync(_group, member, new GroupPlace(topic, 0, 1));
        Assert.Equal("", await _fronts[first].LeaveAsync(_group, member));
        Assert.Equal(("", "empty", 0), await _fronts[second].DescribeAsync(_group));
        Assert.Equal("", await _fronts[second].DeleteAsync(_group));
        Assert.Equal(("groupNotFound", "", 0), await _fronts[first].DescribeAsync(_group));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Groups_are_listed_by_their_prefix_in_order(string first, string second)
    {
        string topic = await TopicOfThreeAsync();
        foreach (string name in (string[])["b", "a", "c"]) await _fronts[name == "a" ? first : second].CommitAsync(_group + name, null, new GroupPlace(topic, 0, 1));

        Assert.Equal([_group + "a", _group + "b", _group + "c"], await _fronts[first].ListAsync(_group));
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    public async Task Refusals_are_the_same(string name)
    {
        IGroupFront front = _fronts[name];
        string topic = await TopicOfThreeAsync();
        var stranger = new FrontMember(Guid.Empty.ToString("N"), topic, null, 1, [], false);

        Assert.Equal("groupNotFound", (await front.GetOffsetsAsync(_group)).Outcome);
        Assert.Equal("groupNotFound", (await front.DescribeAsync(_group)).Outcome);
        Assert.Equal("groupNotFound", (await front.ResetAsync(_group, "latest")).Outcome);
        Assert.Equal("groupNotFound", await front.DeleteAsync(_group));
        Assert.Equal("commitTokenInvalid", await front.CommitTokenAsync(_group, "none"));
        Assert.Equal("commitTokenInvalid", await front.ReleaseAsync(_group, "none"));
        Assert.Equal("topicNotFound", (await front.FetchAsync(_group, "nobody", 1)).Outcome);
        Assert.Equal("invalidValue", (await front.FetchAsync(_group, topic, 0)).Outcome);
        Assert.Equal(["unknownMember"], await front.CommitAsync(_group, stranger, new GroupPlace(topic, 0, 0)));
        Assert.Equal("unknownMember", (await front.HeartbeatAsync(_group, stranger)).Outcome);
        Assert.Equal("unknownMember", await front.LeaveAsync(_group, stranger));
        Assert.Equal("batchEmpty", await front.PutOffsetsAsync(_group));
        Assert.Equal(["batchEmpty"], await front.CommitAsync(_group, null));
        Assert.Equal(["invalidValue"], await front.CommitAsync(_group, null, new GroupPlace(topic, 10_000, 0)));
        Assert.Equal(["invalidValue"], await front.CommitAsync(_group, null, new GroupPlace(topic, -1, 0)));
        Assert.Equal(["invalidValue"], await front.CommitAsync(_group, null, new GroupPlace(topic, 0, 0, new string('m', 4_097))));
        Assert.Equal(["batchTooLarge"], await front.CommitAsync(_group, null, [.. Enumerable.Repeat(new GroupPlace(topic, 0, 0), 1_001)]));
        Assert.Equal("invalidValue", (await front.FetchAsync(_group, topic, 1_001)).Outcome);
        Assert.Equal("invalidName", (await front.FetchAsync(_group, "", 1)).Outcome);
        Assert.Equal("invalidName", (await front.JoinAsync(_group, "")).Outcome);
        Assert.Equal("invalidValue", (await front.JoinAsync(_group, topic, new string('i', 256))).Outcome);
        Assert.Equal("topicNotFound", await front.PutOffsetsAsync(_group, new GroupPlace("nobody", 0, 0)));
    }

    // Of two partitions, with three records in the first.
    private async Task<string> TopicOfThreeAsync()
    {
        string topic = GrpcServer.NewName();
        Assert.Equal("", await _topics.CreateTopicAsync(topic, new TopicTerms(Partitions: 2)));
        await _topics.PublishAsync(topic, null, new("1", Partition: 0), new("2", Partition: 0), new("3", Partition: 0));
        return topic;
    }
}
