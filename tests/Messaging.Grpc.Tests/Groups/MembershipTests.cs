using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Groups;

/// <summary>Members of consumer groups: who has which partition, and how a call that is not theirs is refused.</summary>
public sealed class MembershipTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private readonly string _group = GrpcServer.NewName();

    private GroupService.GroupServiceClient Groups => new(server.Channel);

    [Fact]
    public async Task The_first_member_has_all_partitions_and_is_described()
    {
        string topic = await server.CreateTopicAsync(partitions: 2);

        Membership member = await JoinAsync(new JoinGroupRequest
        {
            Topics = { topic }, InstanceId = "i", ClientId = "c", SessionSeconds = 7, RebalanceSeconds = 8, Protocol = GroupProtocol.Eager, Strategy = AssignmentStrategy.RoundRobin,
        });
        Group group = (await Groups.DescribeGroupAsync(new DescribeGroupRequest { Group = _group })).Group;

        Assert.Equal([$"{topic}-0", $"{topic}-1"], Names(member.Assigned));
        Assert.Equal((1, true, 7), (member.Generation, member.Settled, member.SessionSeconds));
        Assert.Equal((_group, "default", GroupProtocol.Eager, AssignmentStrategy.RoundRobin, 1), (group.Name, group.Namespace, group.Protocol, group.Strategy, group.Generation));
        GroupMember described = group.Members.Single();
        Assert.Equal((member.MemberId, "i", "c", "127.0.0.1", topic, 1), (described.MemberId, described.InstanceId, described.ClientId, described.ClientHost, described.Topics.Single(), described.Generation));
        Assert.Equal(member.Assigned, described.Assigned);
        Assert.NotNull(described.SessionEndsAt);
        Assert.Equal([0L, 0L], group.Offsets.Select(offset => offset.Lag));
    }

    [Fact]
    public async Task A_second_member_gets_what_the_first_one_gives_up()
    {
        string topic = await server.CreateTopicAsync(partitions: 2);
        Membership first = await JoinAsync(new JoinGroupRequest { Topics = { topic } });

        Membership second = await JoinAsync(new JoinGroupRequest { Topics = { topic } });
        Membership told = await BeatAsync(first, null);
        Membership given = await BeatAsync(told, [.. told.Assigned]);
        Membership got = await BeatAsync(second, null);

        Assert.Empty(second.Assigned);
        Assert.False(second.Settled);
        Assert.Equal((1, 1), (told.Assigned.Count, told.Revoked.Count));
        Assert.Empty(given.Revoked);
        Assert.Equal(told.Revoked, got.Assigned);
        Assert.True(got.Settled);
        Assert.Equal(GroupStatus.Stable, (await Groups.DescribeGroupAsync(new DescribeGroupRequest { Group = _group })).Group.Status);
    }

    [Fact]
    public async Task Nothing_owned_is_not_the_same_as_nothing_said()
    {
        string topic = await server.CreateTopicAsync(partitions: 2);
        Membership first = await JoinAsync(new JoinGroupRequest { Topics = { topic } });
        await JoinAsync(new JoinGroupRequest { Topics = { topic } });

        Membership silent = await BeatAsync(first, null);
        Membership silentAgain = await BeatAsync(silent, null);
        Membership gaveAllUp = await BeatAsync(silent, []);

        Assert.Single(silentAgain.Revoked);
        Assert.Empty(gaveAllUp.Revoked);
    }

    [Fact]
    public async Task Who_leaves_is_no_member_any_more()
    {
        Membership member = await JoinAsync(new JoinGroupRequest { Topics = { "later" } });

        await Groups.LeaveGroupAsync(new LeaveGroupRequest { Group = _group, MemberId = member.MemberId });

        Assert.Equal((StatusCode.NotFound, "unknownMember", null), (await Refused.ByAsync(Groups.LeaveGroupAsync(new LeaveGroupRequest { Group = _group, MemberId = member.MemberId }))).Told);
        Assert.Equal((StatusCode.NotFound, "unknownMember", "memberId"), (await Refused.ByAsync(Groups.LeaveGroupAsync(new LeaveGroupRequest { Group = _group, MemberId = "m" }))).Told);
    }

    [Fact]
    public async Task A_static_member_takes_the_place_of_its_former_self_and_is_sent_away_by_its_name()
    {
        string topic = await server.CreateTopicAsync();
        Membership before = await JoinAsync(new JoinGroupRequest { Topics = { topic }, InstanceId = "worker" });

        Membership after = await JoinAsync(new JoinGroupRequest { Topics = { topic }, InstanceId = "worker" });
        Refused fenced = await Refused.ByAsync(Groups.HeartbeatMemberAsync(new HeartbeatMemberRequest { Group = _group, MemberId = before.MemberId, Generation = before.Generation, InstanceId = "worker" }));
        await Groups.RemoveInstanceAsync(new RemoveInstanceRequest { Group = _group, InstanceId = "worker" });

        Assert.Equal((before.Assigned, before.Generation), (after.Assigned, after.Generation));
        Assert.NotEqual(before.MemberId, after.MemberId);
        Assert.Equal((StatusCode.FailedPrecondition, "fencedInstance", null), fenced.Told);
        Assert.Equal((StatusCode.NotFound, "unknownMember", null), (await Refused.ByAsync(Groups.RemoveInstanceAsync(new RemoveInstanceRequest { Group = _group, InstanceId = "worker" }))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "missingField", "instanceId"), (await Refused.ByAsync(Groups.RemoveInstanceAsync(new RemoveInstanceRequest { Group = _group }))).Told);
    }

    [Fact]
    public async Task A_generation_that_is_not_the_members_is_stale()
    {
        Membership member = await JoinAsync(new JoinGroupRequest { Topics = { "later" } });
        var beat = new HeartbeatMemberRequest { Group = _group, MemberId = member.MemberId, Generation = member.Generation + 1 };

        Assert.Equal((StatusCode.FailedPrecondition, "staleGeneration", null), (await Refused.ByAsync(Groups.HeartbeatMemberAsync(beat))).Told);
        beat.Generation = -1;
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "generation"), (await Refused.ByAsync(Groups.HeartbeatMemberAsync(beat))).Told);
        beat.MemberId = "";
        Assert.Equal((StatusCode.NotFound, "unknownMember", "memberId"), (await Refused.ByAsync(Groups.HeartbeatMemberAsync(beat))).Told);
    }

    [Fact]
    public async Task All_members_have_the_protocol_and_the_strategy_of_the_first()
    {
        await JoinAsync(new JoinGroupRequest { Topics = { "later" }, Protocol = GroupProtocol.Eager, Strategy = AssignmentStrategy.Range });

        await JoinAsync(new JoinGroupRequest { Topics = { "later" } });

        Assert.Equal(
            (StatusCode.FailedPrecondition, "groupProtocolMismatch"),
            await CodeAsync(new JoinGroupRequest { Group = _group, Topics = { "later" }, Protocol = GroupProtocol.Cooperative }));
        Assert.Equal(
            (StatusCode.FailedPrecondition, "groupProtocolMismatch"),
            await CodeAsync(new JoinGroupRequest { Group = _group, Topics = { "later" }, Strategy = AssignmentStrategy.Sticky }));
    }

    [Fact]
    public async Task What_is_wrong_with_a_join_is_told_by_its_field()
    {
        string group = _group;
        Assert.Equal("invalidName group", await FieldAsync(new JoinGroupRequest { Topics = { "t" } }));
        Assert.Equal("invalidValue topics", await FieldAsync(new JoinGroupRequest { Group = group }));
        Assert.Equal("invalidName topics[1]", await FieldAsync(new JoinGroupRequest { Group = group, Topics = { "t", "" } }));
        Assert.Equal("unknownMember memberId", await FieldAsync(new JoinGroupRequest { Group = group, Topics = { "t" }, MemberId = "m" }));
        Assert.Equal("invalidValue instanceId", await FieldAsync(new JoinGroupRequest { Group = group, Topics = { "t" }, InstanceId = new string('i', 256) }));
        Assert.Equal("invalidValue clientId", await FieldAsync(new JoinGroupRequest { Group = group, Topics = { "t" }, ClientId = new string('c', 256) }));
        Assert.Equal("invalidValue sessionSeconds", await FieldAsync(new JoinGroupRequest { Group = group, Topics = { "t" }, SessionSeconds = 5 }));
        Assert.Equal("invalidValue rebalanceSeconds", await FieldAsync(new JoinGroupRequest { Group = group, Topics = { "t" }, RebalanceSeconds = 0 }));
        Assert.Equal("invalidValue protocol", await FieldAsync(new JoinGroupRequest { Group = group, Topics = { "t" }, Protocol = (GroupProtocol)9 }));
        Assert.Equal("invalidValue strategy", await FieldAsync(new JoinGroupRequest { Group = group, Topics = { "t" }, Strategy = (AssignmentStrategy)9 }));
        Assert.Equal("invalidName owned[0].topic", await FieldAsync(new JoinGroupRequest { Group = group, Topics = { "t" }, Owned = { new TopicPartition() } }));
        Assert.Equal("invalidValue owned[0].partition", await FieldAsync(new JoinGroupRequest { Group = group, Topics = { "t" }, Owned = { new TopicPartition { Topic = "t", Partition = 10_000 } } }));
        Membership member = (await Groups.JoinGroupAsync(new JoinGroupRequest { Group = group, Topics = { "t" } })).Membership;
        var beat = new HeartbeatMemberRequest { Group = group, MemberId = member.MemberId, Generation = member.Generation, Owned = new OwnedPartitions { Partitions = { new TopicPartition() } } };
        Assert.Equal((StatusCode.InvalidArgument, "invalidName", "owned.partitions[0].topic"), (await Refused.ByAsync(Groups.HeartbeatMemberAsync(beat))).Told);
        var tooMany = new JoinGroupRequest { Group = group, Topics = { "t" } };
        tooMany.Owned.AddRange(Enumerable.Range(0, 10_001).Select(_ => new TopicPartition { Topic = "t" }));
        Assert.Equal("batchTooLarge owned", await FieldAsync(tooMany));
    }

    private async Task<Membership> JoinAsync(JoinGroupRequest request)
    {
        request.Group = _group;
        return (await Groups.JoinGroupAsync(request)).Membership;
    }

    private async Task<Membership> BeatAsync(Membership member, TopicPartition[]? owned) => (await Groups.HeartbeatMemberAsync(new HeartbeatMemberRequest
    {
        Group = _group,
        MemberId = member.MemberId,
        Generation = member.Generation,
        Owned = owned is null ? null : new OwnedPartitions { Partitions = { owned } },
    })).Membership;

    private async Task<(StatusCode Status, string? Code)> CodeAsync(JoinGroupRequest request)
    {
        Refused refused = await Refused.ByAsync(Groups.JoinGroupAsync(request));
        return (refused.Status, refused.Code);
    }

    private async Task<string> FieldAsync(JoinGroupRequest request)
    {
        Refused refused = await Refused.ByAsync(Groups.JoinGroupAsync(request));
        return $"{refused.Code} {refused.Field}";
    }

    private static IEnumerable<string> Names(IEnumerable<TopicPartition> partitions) => partitions.Select(partition => $"{partition.Topic}-{partition.Partition}");
}
