namespace Messaging.Grpc.Tests.Conformance.Topics;

/// <summary>The operations of the broker on topics and their records have the same outcomes whoever asks: each scenario runs over every front that has records, and over each with the other one behind it.</summary>
public sealed class TopicConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    // Long ago: topics that get such records keep them, or retention would take them away meanwhile.
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, ITopicFront> _fronts = new() { [Fronts.Rest] = new RestTopicFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcTopicFront(fronts.Server.Channel) };

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_topic_is_read_and_changed_by_whoever_asks(string first, string second)
    {
        string topic = await CreateAsync(first, new TopicTerms(Partitions: 2, MaxMessageBytes: 2_048));
        var created = new TopicTerms(2, false, 604_800, 2_048);

        Assert.Equal(("", created), await _fronts[second].GetTopicAsync(topic));
        Assert.Equal("", await _fronts[second].PatchTopicAsync(topic, new TopicTerms(Partitions: 3, RetentionSeconds: 60)));
        Assert.Equal(("", created with { Partitions = 3, RetentionSeconds = 60 }), await _fronts[first].GetTopicAsync(topic));
        Assert.Equal("", await _fronts[first].DeleteTopicAsync(topic));
        Assert.Equal(("topicNotFound", null), await _fronts[second].GetTopicAsync(topic));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Nobody_overwrites_what_they_have_not_seen(string first, string second)
    {
        string topic = await CreateAsync(first, new TopicTerms());
        string version = await _fronts[first].GetVersionAsync(topic);
        await _fronts[second].PatchTopicAsync(topic, new TopicTerms(Partitions: 2));

        Assert.Equal("preconditionFailed", await _fronts[first].PatchTopicAsync(topic, new TopicTerms(RetentionSeconds: 60), version));
        Assert.Equal("", await _fronts[first].PatchTopicAsync(topic, new TopicTerms(RetentionSeconds: 60), await _fronts[first].GetVersionAsync(topic)));
        Assert.Equal((2, 60), (await _fronts[second].GetTopicAsync(topic)).Terms is { } terms ? (terms.Partitions, terms.RetentionSeconds) : default);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Records_are_fetched_as_they_were_published(string first, string second)
    {
        string topic = await CreateAsync(first, new TopicTerms(RetentionSeconds: int.MaxValue));

        FrontPublished[] published = await _fronts[first].PublishAsync(topic, null, new("1", "k", "ü", Noon), new(null, "k", Time: Noon), new("", "", Time: Noon), new("4", Time: Noon));
        FrontPage page = await _fronts[second].FetchAsync(topic, 0, 1);

        Assert.Equal([0L, 1L, 2L, 3L], published.Select(one => one.Offset));
        Assert.Equal([new(1, null, "k", null, Noon), new(2, "", "", null, Noon), new(3, "4", null, null, Noon)], page.Records);
        Assert.Equal(("", 4, new FrontPartition(0, 0, 4, 4)), (page.Outcome, page.NextOffset, page.Partition));
        Assert.Equal(new FrontFetched(0, "1", "k", "ü", Noon), (await _fronts[second].FetchAsync(topic, 0, 0)).Records[0]);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_key_leads_to_one_partition_whoever_publishes(string first, string second)
    {
        string topic = await CreateAsync(first, new TopicTerms(Partitions: 7));
        FrontRecord[] records = [.. Enumerable.Range(0, 20).Select(number => new FrontRecord("x", $"key-{number}"))];

        FrontPublished[] one = await _fronts[first].PublishAsync(topic, null, records);
        FrontPublished[] other = await _fronts[second].PublishAsync(topic, null, records);

        Assert.Equal(one.Select(published => published.Partition), other.Select(published => published.Partition));
        Assert.True(one.Select(published => published.Partition).Distinct().Count() > 1);
        Assert.Equal((await _fronts[first].ListPartitionsAsync(topic)).Partitions, (await _fronts[second].ListPartitionsAsync(topic)).Partitions);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_record_that_is_refused_fails_alone(string first, string second)
    {
        string topic = await CreateAsync(second, new TopicTerms(MaxMessageBytes: 1_024));

        FrontPublished[] published = await _fronts[first].PublishAsync(topic, null, new("1"), new(new string('x', 1_025)), new("2", Partition: 9), new("3"));

        Assert.Equal([new("", 0, 0), new("messageTooLarge"), new("partitionNotFound"), new("", 0, 1)], published);
        Assert.Equal(["1", "3"], (await _fronts[second].FetchAsync(topic, 0, 0)).Bodies);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Offsets_are_found_by_an_end_and_by_a_time(string first, string second)
    {
        string topic = await CreateAsync(first, new TopicTerms(Partitions: 2, RetentionSeconds: int.MaxValue));
        await _fronts[first].PublishAsync(topic, null, new("1", Time: Noon, Partition: 0), new("2", Time: Noon.AddMinutes(1), Partition: 0), new("3", Time: Noon.AddMinutes(2), Partition: 0));

        Assert.Equal([0, 0], (await _fronts[second].FindOffsetsAsync(topic, "earliest")).Offsets);
        Assert.Equal([3, 0], (await _fronts[second].FindOffsetsAsync(topic, "latest")).Offsets);
        Assert.Equal([1, 0], (await _fronts[second].FindOffsetsAsync(topic, "2026-01-31T12:00:00.001Z")).Offsets);
        Assert.Equal([3, 0], (await _fronts[second].FindOffsetsAsync(topic, "2026-01-31T13:00:00Z")).Offsets);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task The_oldest_records_are_deleted_for_all(string first, string second)
    {
        string topic = await CreateAsync(first, new TopicTerms());
        await _fronts[first].PublishAsync(topic, null, new("1"), new("2"), new("3"));

        Assert.Equal(("", new FrontPartition(0, 2, 3, 3)), await _fronts[second].DeleteRecordsAsync(topic, 0, 2));
        Assert.Equal("offsetOutOfRange", (await _fronts[first].FetchAsync(topic, 0, 1)).Outcome);
        Assert.Equal(["3"], (await _fronts[first].FetchAsync(topic, 0, 2)).Bodies);
        Assert.Equal([2], (await _fronts[first].FindOffsetsAsync(topic, "earliest")).Offsets);
        Assert.Equal(("offsetOutOfRange", null), await _fronts[first].DeleteRecordsAsync(topic, 0, 4));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_FIFO_topic_stores_a_record_once_across_fronts(string first, string second)
    {
        string topic = await CreateAsync(first, new TopicTerms(IsFifo: true));

        Assert.Equal([new("", 0, 0), new("", 0, 1)], await _fronts[first].PublishAsync(topic, null, new("1", "g", DeduplicationId: "a"), new("2", "g", DeduplicationId: "b")));
        Assert.Equal([new("", 0, 1, IsDuplicate: true)], await _fronts[second].PublishAsync(topic, null, new FrontRecord("2", "g", DeduplicationId: "b")));
        Assert.Equal(["1", "2"], (await _fronts[second].FetchAsync(topic, 0, 0)).Bodies);
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    public async Task Refusals_are_the_same(string name)
    {
        ITopicFront front = _fronts[name];
        string topic = await CreateAsync(name, new TopicTerms(Partitions: 2));

        Assert.Equal("topicNotFound", await front.PatchTopicAsync("nobody", new TopicTerms(Partitions: 2)));
        Assert.Equal("topicNotFound", await front.DeleteTopicAsync("nobody"));
        Assert.Equal([new("topicNotFound")], await front.PublishAsync("nobody", null, new FrontRecord("1")));
        Assert.Equal("topicNotFound", (await front.FetchAsync("nobody", 0, 0)).Outcome);
        Assert.Equal("topicNotFound", (await front.ListPartitionsAsync("nobody")).Outcome);
        Assert.Equal("topicNotFound", (await front.FindOffsetsAsync("nobody", "latest")).Outcome);
        Assert.Equal("topicNotFound", (await front.DeleteRecordsAsync("nobody", 0, 0)).Outcome);
        Assert.Equal("partitionNotFound", (await front.FetchAsync(topic, 2, 0)).Outcome);
        Assert.Equal("partitionNotFound", (await front.DeleteRecordsAsync(topic, 2, 0)).Outcome);
        Assert.Equal("offsetOutOfRange", (await front.FetchAsync(topic, 0, 1)).Outcome);
        Assert.Equal("immutable", await front.PatchTopicAsync(await CreateAsync(name, new TopicTerms()), new TopicTerms(IsFifo: true)));
        Assert.Equal("immutable", await front.PatchTopicAsync(topic, new TopicTerms(Partitions: 1)));
        Assert.Equal("invalidValue", await front.CreateTopicAsync(GrpcServer.NewName(), new TopicTerms(Partitions: 10_001)));
        Assert.Equal("invalidValue", await front.CreateTopicAsync(GrpcServer.NewName(), new TopicTerms(Partitions: 2, IsFifo: true)));
        Assert.Equal([new("batchEmpty")], await front.PublishAsync(topic, null));
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    public async Task What_is_out_of_bounds_is_refused_alike(string name)
    {
        ITopicFront front = _fronts[name];
        string topic = await CreateAsync(name, new TopicTerms()), fifo = await CreateAsync(name, new TopicTerms(IsFifo: true));

        FrontRecord[] records =
        [
            new("1", Partition: -1), new("1", Partition: 10_000), new("1", Sequence: 0), new("1", Sequence: -1), new("1", Time: DateTimeOffset.UnixEpoch.AddMilliseconds(-1)), new("1", DeduplicationId: new string('d', 256)),
        ];
        string[] invalid =
        [
            await front.PatchTopicAsync(topic, new TopicTerms(MaxMessageBytes: 1_023)), await front.PatchTopicAsync(topic, new TopicTerms(RetentionSeconds: -1)),
            await front.PatchTopicAsync(topic, new TopicTerms(Partitions: 0)), .. (await front.PublishAsync(topic, null, records)).Select(one => one.Outcome),
            .. (await front.PublishAsync(fifo, null, new FrontRecord("1", DeduplicationId: "1"))).Select(one => one.Outcome),
            (await front.FetchAsync(topic, 0, -1)).Outcome, (await front.FetchAsync(topic, -1, 0)).Outcome,
            (await front.DeleteRecordsAsync(topic, 0, -1)).Outcome, (await front.DeleteRecordsAsync(topic, -1, 0)).Outcome,
        ];

        Assert.Equal(Enumerable.Repeat("invalidValue", invalid.Length), invalid);
        Assert.Equal("partitionNotFound", (await front.FetchAsync(topic, 10_000, 0)).Outcome);
        Assert.Equal([new("batchTooLarge")], await front.PublishAsync(topic, null, [.. Enumerable.Repeat(new FrontRecord("1"), 1_001)]));
        Assert.Empty((await front.FetchAsync(topic, 0, 0)).Records);
        Assert.Empty((await front.FetchAsync(fifo, 0, 0)).Records);
    }

    private async Task<string> CreateAsync(string front, TopicTerms terms)
    {
        string name = GrpcServer.NewName();
        Assert.Equal("", await _fronts[front].CreateTopicAsync(name, terms));
        return name;
    }
}
