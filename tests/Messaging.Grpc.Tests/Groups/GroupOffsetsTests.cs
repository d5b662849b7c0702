using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Groups;

/// <summary>How far groups are: committed, set, reset and forgotten; and groups as a list.</summary>
public sealed class GroupOffsetsTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private readonly string _group = GrpcServer.NewName();

    private GroupService.GroupServiceClient Groups => new(server.Channel);

    [Fact]
    public async Task Offsets_are_committed_each_with_its_own_result()
    {
        string topic = await TopicOfThreeAsync();
        var request = new CommitOffsetsRequest { Group = _group };
        request.Offsets.Add(new OffsetEntry { Topic = topic, Partition = -1, Offset = 0 });
        request.Offsets.Add(new OffsetEntry { Topic = topic, Partition = 0, Offset = 2, Metadata = "m", LeaderEpoch = 4 });
        request.Offsets.Add(new OffsetEntry { Topic = topic, Partition = 1, Offset = 9 });
        request.Offsets.Add(new OffsetEntry { Topic = "nobody", Offset = 0 });
        request.Offsets.Add(new OffsetEntry { Topic = topic, Partition = 1, Offset = -1 });
        request.Offsets.Add(new OffsetEntry { Topic = topic, Partition = 1, LeaderEpoch = -1, Offset = 0 });
        request.Offsets.Add(new OffsetEntry { Topic = topic, Partition = 1, Metadata = new string('m', 4_097), Offset = 0 });

        CommitOffsetsResponse committed = await Groups.CommitOffsetsAsync(request);
        GroupOffset[] offsets = await OffsetsAsync();

        Assert.Equal(
            [
                "invalidValue offsets[0].partition", null, "offsetOutOfRange offsets[2].offset", "topicNotFound offsets[3].topic", "invalidValue offsets[4].offset",
                "invalidValue offsets[5].leaderEpoch", "invalidValue offsets[6].metadata",
            ],
            committed.Results.Select(result => result.Error is null ? null : $"{result.Error.Code} {result.Error.Field}"));
        GroupOffset one = offsets.Single();
        Assert.Equal((topic, 0, 2L, "m", 4, 3L, 1L), (one.Topic, one.Partition, one.Offset, one.Metadata, one.LeaderEpoch, one.HighWatermark, one.Lag));
        Assert.NotNull(one.CommittedAt);
        Assert.Null(one.LeasedUntil);
    }

    [Fact]
    public async Task A_member_commits_in_its_generation_and_nobody_else_while_there_is_one()
    {
        string topic = await TopicOfThreeAsync();
        Membership member = (await Groups.JoinGroupAsync(new JoinGroupRequest { Group = _group, Topics = { topic } })).Membership;
        var offset = new OffsetEntry { Topic = topic, Offset = 1 };

        await Groups.CommitOffsetsAsync(new CommitOffsetsRequest { Group = _group, Offsets = { offset }, MemberId = member.MemberId, Generation = member.Generation });

        Assert.Equal("staleGeneration ", await CommitFieldAsync(new CommitOffsetsRequest { Offsets = { offset }, MemberId = member.MemberId, Generation = member.Generation + 1 }));
        Assert.Equal("unknownMember memberId", await CommitFieldAsync(new CommitOffsetsRequest { Offsets = { offset }, MemberId = "m", Generation = 1 }));
        Assert.Equal("missingField generation", await CommitFieldAsync(new CommitOffsetsRequest { Offsets = { offset }, MemberId = member.MemberId }));
        Assert.Equal("missingField memberId", await CommitFieldAsync(new CommitOffsetsRequest { Offsets = { offset }, Generation = 1 }));
        Assert.Equal(StatusCode.FailedPrecondition, (await Refused.ByAsync(Groups.PutGroupOffsetsAsync(new PutGroupOffsetsRequest { Group = _group, Offsets = { offset } }))).Status);
        Assert.Equal((StatusCode.FailedPrecondition, "groupNotEmpty", null), (await Refused.ByAsync(Groups.DeleteGroupAsync(new DeleteGroupRequest { Group = _group }))).Told);
    }

    [Fact]
    public async Task A_commit_of_nothing_and_one_of_too_much_are_refused()
    {
        var many = new CommitOffsetsRequest();
        many.Offsets.AddRange(Enumerable.Range(0, 1_001).Select(_ => new OffsetEntry { Topic = "t", Offset = 0 }));

        Assert.Equal("batchEmpty offsets", await CommitFieldAsync(new CommitOffsetsRequest()));
        Assert.Equal("batchTooLarge offsets", await CommitFieldAsync(many));
    }

    [Fact]
    public async Task A_refusal_of_many_entries_fits_into_the_trailers_of_clients()
    {
        var request = new CommitOffsetsRequest { Group = _group };
        request.Offsets.AddRange(Enumerable.Range(0, 1_000).Select(_ => new OffsetEntry { Topic = "nobody", Offset = 0 }));

        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await Groups.CommitOffsetsAsync(request));
        BatchFailure failure = refused.GetRpcStatus()!.GetDetail<BatchFailure>()!;

        Assert.Equal((StatusCode.NotFound, "topicNotFound offsets[0].topic"), (refused.StatusCode, $"{failure.Errors[0].Code} {failure.Errors[0].Field}"));
        Assert.InRange(failure.Errors.Count, 20, 200);
        Assert.InRange(Convert.ToBase64String(refused.Trailers.GetValueBytes("grpc-status-details-bin")!).Length, 1, 7_000);
    }

    [Fact]
    public async Task Offsets_are_set_all_or_none_and_forgotten()
    {
        string topic = await TopicOfThreeAsync();
        var good = new OffsetEntry { Topic = topic, Partition = 0, Offset = 3, Metadata = "not kept" };

        Refused beyond = await Refused.ByAsync(Groups.PutGroupOffsetsAsync(new PutGroupOffsetsRequest { Group = _group, Offsets = { good, new OffsetEntry { Topic = topic, Partition = 1, Offset = 1 } } }));
        Refused illegal = await Refused.ByAsync(Groups.PutGroupOffsetsAsync(new PutGroupOffsetsRequest { Group = _group, Offsets = { good, new OffsetEntry { Topic = topic, Partition = 10_000, Offset = 0 } } }));
        Refused none = await Refused.ByAsync(Groups.PutGroupOffsetsAsync(new PutGroupOffsetsRequest { Group = _group }));
        Refused untouched = await Refused.ByAsync(Groups.GetGroupOffsetsAsync(new GetGroupOffsetsRequest { Group = _group }));
        await Groups.PutGroupOffsetsAsync(new PutGroupOffsetsRequest { Group = _group, Offsets = { good, new OffsetEntry { Topic = topic, Partition = 1, Offset = 0 } } });

        Assert.Equal((StatusCode.OutOfRange, "offsetOutOfRange", "offsets[1].offset"), beyond.Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "offsets[1].partition"), illegal.Told);
        Assert.Equal((StatusCode.InvalidArgument, "batchEmpty", "offsets"), none.Told);
        Assert.Equal((StatusCode.NotFound, "groupNotFound", null), untouched.Told);
        Assert.Equal([(0, 3L, ""), (1, 0L, "")], (await OffsetsAsync()).Select(offset => (offset.Partition, offset.Offset, offset.Metadata)));

        await Groups.DeleteGroupOffsetsAsync(new DeleteGroupOffsetsRequest { Group = _group, Topic = topic, Partition = 0 });

        Assert.Equal([1], (await OffsetsAsync()).Select(offset => offset.Partition));
        Assert.Equal((StatusCode.InvalidArgument, "missingField", "topic"), (await Refused.ByAsync(Groups.DeleteGroupOffsetsAsync(new DeleteGroupOffsetsRequest { Group = _group }))).Told);
        Assert.Equal(
            (StatusCode.InvalidArgument, "invalidValue", "partition"),
            (await Refused.ByAsync(Groups.DeleteGroupOffsetsAsync(new DeleteGroupOffsetsRequest { Group = _group, Topic = topic, Partition = -1 }))).Told);
    }

    [Fact]
    public async Task Offsets_are_told_of_one_topic_or_of_all()
    {
        string one = await TopicOfThreeAsync(), other = await TopicOfThreeAsync();
        await Groups.PutGroupOffsetsAsync(new PutGroupOffsetsRequest { Group = _group, Offsets = { new OffsetEntry { Topic = one, Offset = 0 }, new OffsetEntry { Topic = other, Offset = 0 } } });

        Assert.Equal([one], (await OffsetsAsync(one)).Select(offset => offset.Topic));
        Assert.Equal(new[] { one, other }.Order(StringComparer.Ordinal), (await OffsetsAsync()).Select(offset => offset.Topic));
        Assert.Equal("topic", (await Refused.ByAsync(Groups.GetGroupOffsetsAsync(new GetGroupOffsetsRequest { Group = _group, Topic = "\n" }))).Field);
    }

    [Fact]
    public async Task A_group_is_reset_to_an_end_to_a_time_and_to_an_offset()
    {
        string topic = await TopicOfThreeAsync();
        var whole = new ResetTarget { Topic = topic };
        var first = new ResetTarget { Topic = topic, Partition = 0 };

        Assert.Equal("0:3 1:0", await ResetAsync(new ResetGroupRequest { End = PartitionEnd.Latest, Topics = { whole } }));
        Assert.Equal("0:0 1:0", await ResetAsync(new ResetGroupRequest { End = PartitionEnd.Earliest }));
        Assert.Equal("0:3", await ResetAsync(new ResetGroupRequest { Time = new Timestamp { Seconds = 253_402_300_799 }, Topics = { first } }));
        Assert.Equal("0:0", await ResetAsync(new ResetGroupRequest { Time = new Timestamp(), Topics = { first } }));
        Assert.Equal("0:2", await ResetAsync(new ResetGroupRequest { Offset = 2, Topics = { first } }));
        Assert.Equal([2L, 0L], (await OffsetsAsync()).Select(offset => offset.Offset));
    }

    [Fact]
    public async Task What_is_wrong_with_a_reset_is_told_by_its_field()
    {
        string topic = await TopicOfThreeAsync();
        Assert.Equal("missingField to", await ResetFieldAsync(new ResetGroupRequest()));
        Assert.Equal("missingField to", await ResetFieldAsync(new ResetGroupRequest { End = PartitionEnd.Unspecified }));
        Assert.Equal("invalidValue end", await ResetFieldAsync(new ResetGroupRequest { End = (PartitionEnd)9 }));
        Assert.Equal("invalidValue time", await ResetFieldAsync(new ResetGroupRequest { Time = new Timestamp { Nanos = -1 } }));
        Assert.Equal("invalidValue offset", await ResetFieldAsync(new ResetGroupRequest { Offset = -1 }));
        Assert.Equal("missingField topics", await ResetFieldAsync(new ResetGroupRequest { Offset = 1 }));
        Assert.Equal("missingField topics", await ResetFieldAsync(new ResetGroupRequest { Offset = 1, Topics = { new ResetTarget { Topic = topic } } }));
        Assert.Equal("invalidName topics[0].topic", await ResetFieldAsync(new ResetGroupRequest { End = PartitionEnd.Latest, Topics = { new ResetTarget() } }));
        Assert.Equal("offsetOutOfRange offset", await ResetFieldAsync(new ResetGroupRequest { Offset = 4, Topics = { new ResetTarget { Topic = topic, Partition = 0 } } }));
    }

    [Fact]
    public async Task Groups_are_listed_by_pages_and_deleted()
    {
        string topic = await TopicOfThreeAsync();
        foreach (string suffix in (string[])["a", "b", "c"])
            await Groups.PutGroupOffsetsAsync(new PutGroupOffsetsRequest { Group = _group + suffix, Offsets = { new OffsetEntry { Topic = topic, Offset = 0 } } });

        ListGroupsResponse first = await Groups.ListGroupsAsync(new ListGroupsRequest { Prefix = _group, Page = new PageRequest { Size = 2 } });
        ListGroupsResponse second = await Groups.ListGroupsAsync(new ListGroupsRequest { Prefix = _group, Page = new PageRequest { Size = 2, Token = first.NextPageToken } });
        await Groups.DeleteGroupAsync(new DeleteGroupRequest { Group = _group + "a" });

        Assert.Equal([_group + "a", _group + "b"], first.Groups.Select(group => group.Name));
        Assert.Equal(new GroupSummary { Name = _group + "c", Namespace = "default", Status = GroupStatus.Empty, Partitions = 1 }, second.Groups.Single());
        Assert.Equal("", second.NextPageToken);
        Assert.Equal((StatusCode.NotFound, "groupNotFound", null), (await Refused.ByAsync(Groups.DescribeGroupAsync(new DescribeGroupRequest { Group = _group + "a" }))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "page.size"), (await Refused.ByAsync(Groups.ListGroupsAsync(new ListGroupsRequest { Page = new PageRequest { Size = 0 } }))).Told);
    }

    // Of two partitions, with three records in the first.
    private async Task<string> TopicOfThreeAsync()
    {
        string topic = await server.CreateTopicAsync(partitions: 2);
        await server.PublishAsync(topic, 0, "1", "2", "3");
        return topic;
    }

    private async Task<GroupOffset[]> OffsetsAsync(string topic = "") =>
        [.. (await Groups.GetGroupOffsetsAsync(new GetGroupOffsetsRequest { Group = _group, Topic = topic })).Offsets];

    private async Task<string> ResetAsync(ResetGroupRequest request)
    {
        request.Group = _group;
        return string.Join(' ', (await Groups.ResetGroupAsync(request)).Offsets.Select(offset => $"{offset.Partition}:{offset.Offset}"));
    }

    private async Task<string> ResetFieldAsync(ResetGroupRequest request)
    {
        request.Group = _group;
        Refused refused = await Refused.ByAsync(Groups.ResetGroupAsync(request));
        return $"{refused.Code} {refused.Field}";
    }

    private async Task<string> CommitFieldAsync(CommitOffsetsRequest request)
    {
        request.Group = _group;
        Refused refused = await Refused.ByAsync(Groups.CommitOffsetsAsync(request));
        return $"{refused.Code} {refused.Field}";
    }
}
