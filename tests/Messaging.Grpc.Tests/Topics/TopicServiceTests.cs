using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Topics;

/// <summary>Definitions of topics: what each call does, and how it refuses.</summary>
public sealed class TopicServiceTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private TopicService.TopicServiceClient Topics => server.Topics();

    [Fact]
    public async Task A_topic_is_created_with_its_defaults_and_replaced()
    {
        string name = GrpcServer.NewName();

        PutTopicResponse created = await Topics.PutTopicAsync(new PutTopicRequest { Topic = name });
        PutTopicResponse changed = await Topics.PutTopicAsync(new PutTopicRequest { Topic = name, Definition = new TopicDefinition { Partitions = 3, RetentionSeconds = 0, Tags = { ["a"] = "b" } } });

        Assert.True(created.Created);
        Assert.Equal((name, 1, TopicType.Standard, TopicCleanup.Delete, TopicTimestamps.Create), (
            created.Topic.Name, created.Topic.Definition.Partitions, created.Topic.Definition.Type, created.Topic.Definition.Cleanup, created.Topic.Definition.Timestamps));
        Assert.Equal((604_800, 86_400, 1_048_576), (created.Topic.Definition.RetentionSeconds, created.Topic.Definition.TombstoneSeconds, created.Topic.Definition.MaxMessageBytes));
        Assert.False(created.Topic.Definition.HasRetentionBytes);
        Assert.False(changed.Created);
        Assert.Equal((3, true, 0, "b"), (changed.Topic.Definition.Partitions, changed.Topic.Definition.HasRetentionSeconds, changed.Topic.Definition.RetentionSeconds, changed.Topic.Definition.Tags["a"]));
        Assert.True(changed.Topic.Version > created.Topic.Version);
        Assert.Equal(created.Topic.Id, changed.Topic.Id);
        Assert.Equal(changed.Topic, (await Topics.GetTopicAsync(new GetTopicRequest { Topic = name })).Topic);
    }

    [Fact]
    public async Task Every_field_of_a_definition_comes_back_as_it_was_put()
    {
        var standard = new TopicDefinition
        {
            Partitions = 2, Type = TopicType.Standard, RetentionUnlimited = true, RetentionBytes = 3_000_000_000, Cleanup = TopicCleanup.Both, MinCompactionLagSeconds = 4, TombstoneSeconds = 5,
            MaxMessageBytes = 2048, Timestamps = TopicTimestamps.Append, Tags = { ["t"] = "1" }, Annotations = { ["x"] = "2" },
        };
        var fifo = new TopicDefinition
        {
            Partitions = 1, Type = TopicType.Fifo, RetentionSeconds = 6, Cleanup = TopicCleanup.Delete, MinCompactionLagSeconds = 7, TombstoneSeconds = 8, MaxMessageBytes = 4096, Timestamps = TopicTimestamps.Create,
            Deduplication = new Deduplication { ContentBased = true, Scope = Deduplication.Types.Scope.Group, WindowSeconds = 7 },
        };

        // A field that is added to the contract and forgotten here, in the reader or in the writer, has its default: it would not be set.
        Assert.All(TopicDefinition.Descriptor.Fields.InFieldNumberOrder(), field => Assert.True(field.IsMap || IsSet(field, standard) || IsSet(field, fifo), field.Name));
        Assert.Equal(standard, (await Topics.PutTopicAsync(new PutTopicRequest { Topic = GrpcServer.NewName(), Definition = standard })).Topic.Definition);
        Assert.Equal(fifo, (await Topics.PutTopicAsync(new PutTopicRequest { Topic = GrpcServer.NewName(), Definition = fifo })).Topic.Definition);
    }

    [Fact]
    public async Task A_patch_changes_what_is_set_or_what_its_mask_names_and_nothing_else()
    {
        string name = await server.CreateTopicAsync(new TopicDefinition { RetentionSeconds = 7, RetentionBytes = 8, TombstoneSeconds = 9, Tags = { ["keep"] = "1", ["drop"] = "2" } });

        TopicDefinition set = await PatchAsync(name, new TopicDefinition { Partitions = 3, RetentionUnlimited = true, MinCompactionLagSeconds = 0, Tags = { ["more"] = "3" } });
        TopicDefinition masked = await PatchAsync(name, new TopicDefinition { Tags = { ["keep"] = "4" }, TombstoneSeconds = 1 }, "retention_bytes", "tags.keep", "tags.drop");
        TopicDefinition again = await PatchAsync(name, new TopicDefinition(), "retention_unlimited");

        Assert.Equal((3, true, 8L, 9), (set.Partitions, set.RetentionUnlimited, set.RetentionBytes, set.TombstoneSeconds));
        Assert.Equal("drop=2 keep=1 more=3", Tags(set));
        Assert.Equal((true, false, 9), (masked.RetentionUnlimited, masked.HasRetentionBytes, masked.TombstoneSeconds));
        Assert.Equal("keep=4 more=3", Tags(masked));
        Assert.Equal(604_800, again.RetentionSeconds);
        Assert.Equal(60, (await PatchAsync(name, new TopicDefinition { RetentionSeconds = 60 }, "retention_seconds")).RetentionSeconds);
    }

    [Fact]
    public async Task A_patch_changes_one_field_of_an_object()
    {
        string name = await server.CreateTopicAsync(new TopicDefinition { Type = TopicType.Fifo, Deduplication = new Deduplication { WindowSeconds = 7 } });

        Deduplication changed = (await PatchAsync(name, new TopicDefinition { Deduplication = new Deduplication { ContentBased = true } }, "deduplication.content_based")).Deduplication;

        Assert.Equal((true, 7), (changed.ContentBased, changed.WindowSeconds));
        Assert.Equal(300, (await PatchAsync(name, new TopicDefinition(), "deduplication")).Deduplication.WindowSeconds);
    }

    [Theory]
    [InlineData("partition")]
    [InlineData("deduplication.window")]
    [InlineData("retention")]
    public async Task A_mask_that_names_no_field_is_refused(string path)
    {
        string name = await server.CreateTopicAsync();
        var request = new PatchTopicRequest { Topic = name, Definition = new TopicDefinition(), UpdateMask = new FieldMask { Paths = { path } } };

        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "updateMask"), (await Refused.ByAsync(Topics.PatchTopicAsync(request))).Told);
    }

    [Theory]
    [InlineData("retention_seconds")]
    [InlineData("retention_unlimited", "tombstone_seconds")]
    public async Task A_mask_that_names_one_retention_while_the_other_is_set_is_refused(params string[] paths)
    {
        string name = await server.CreateTopicAsync(new TopicDefinition { RetentionSeconds = 7 });
        TopicDefinition definition = paths[0] == "retention_seconds" ? new TopicDefinition { RetentionUnlimited = true } : new TopicDefinition { RetentionSeconds = 8 };
        string set = paths[0] == "retention_seconds" ? "retention_unlimited" : "retention_seconds";

        Refused refused = await Refused.ByAsync(Topics.PatchTopicAsync(new PatchTopicRequest { Topic = name, Definition = definition, UpdateMask = new FieldMask { Paths = { paths } } }));

        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "updateMask"), refused.Told);
        Assert.Equal($"Names \"{paths[0]}\", and the definition sets \"{set}\" in its place: name what is set.", refused.Detail);
        Assert.Equal(7, (await Topics.GetTopicAsync(new GetTopicRequest { Topic = name })).Topic.Definition.RetentionSeconds);
        // Who names both means the one that is set.
        Assert.Equal(definition.RetentionCase, (await PatchAsync(name, definition, "retention_seconds", "retention_unlimited")).RetentionCase);
    }

    [Fact]
    public async Task A_retention_that_is_not_unlimited_is_refused()
    {
        string name = await server.CreateTopicAsync(new TopicDefinition { RetentionSeconds = 7 });
        var patch = new PatchTopicRequest { Topic = name, Definition = new TopicDefinition { RetentionUnlimited = false }, UpdateMask = new FieldMask { Paths = { "retention_unlimited" } } };

        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "definition.retentionUnlimited"), await RefusedAsync(new TopicDefinition { RetentionUnlimited = false }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "definition.retentionUnlimited"), (await Refused.ByAsync(Topics.PatchTopicAsync(patch))).Told);
    }

    [Fact]
    public async Task A_definition_that_can_t_be_is_refused_by_its_field()
    {
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "definition.partitions"), await RefusedAsync(new TopicDefinition { Partitions = 0 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "definition.type"), await RefusedAsync(new TopicDefinition { Type = (TopicType)9 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "definition.retentionSeconds"), await RefusedAsync(new TopicDefinition { RetentionSeconds = -1 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "definition.retentionBytes"), await RefusedAsync(new TopicDefinition { RetentionBytes = -1 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "definition.cleanup"), await RefusedAsync(new TopicDefinition { Cleanup = (TopicCleanup)9 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "definition.timestamps"), await RefusedAsync(new TopicDefinition { Timestamps = (TopicTimestamps)9 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "definition.maxMessageBytes"), await RefusedAsync(new TopicDefinition { MaxMessageBytes = 0 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "definition.deduplication"), await RefusedAsync(new TopicDefinition { Deduplication = new Deduplication() }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "definition.partitions"), await RefusedAsync(new TopicDefinition { Type = TopicType.Fifo, Partitions = 2 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidName", "topic"), (await Refused.ByAsync(Topics.PutTopicAsync(new PutTopicRequest { Topic = "a\n" }))).Told);
    }

    [Fact]
    public async Task What_can_t_change_is_refused()
    {
        string name = await server.CreateTopicAsync(new TopicDefinition { Partitions = 2 });
        Task<Refused> Refuse(TopicDefinition definition) => Refused.ByAsync(Topics.PatchTopicAsync(new PatchTopicRequest { Topic = name, Definition = definition }));

        Assert.Equal((StatusCode.FailedPrecondition, "immutable", "definition.partitions"), (await Refuse(new TopicDefinition { Partitions = 1 })).Told);
        Assert.Equal((StatusCode.FailedPrecondition, "immutable", "definition.type"), (await Refuse(new TopicDefinition { Type = TopicType.Fifo, Partitions = 1 })).Told);
    }

    [Fact]
    public async Task A_definition_is_guarded_by_its_version()
    {
        string name = await server.CreateTopicAsync();
        var other = new Precondition { Version = (await Topics.GetTopicAsync(new GetTopicRequest { Topic = name })).Topic.Version + 1 };

        Assert.Equal((StatusCode.Aborted, "preconditionFailed", null), (await Refused.ByAsync(Topics.PutTopicAsync(new PutTopicRequest { Topic = name, Precondition = other }))).Told);
        Assert.Equal((StatusCode.Aborted, "preconditionFailed", null), (await Refused.ByAsync(Topics.PatchTopicAsync(new PatchTopicRequest { Topic = name, Precondition = other }))).Told);
        Assert.Equal((StatusCode.Aborted, "preconditionFailed", null), (await Refused.ByAsync(Topics.DeleteTopicAsync(new DeleteTopicRequest { Topic = name, Precondition = other }))).Told);
        Assert.Equal((StatusCode.Aborted, "preconditionFailed", null), (await Refused.ByAsync(
            Topics.PutTopicAsync(new PutTopicRequest { Topic = name, Precondition = new Precondition { MustNotExist = true } }))).Told);
    }

    [Fact]
    public async Task A_topic_that_is_deleted_is_gone_for_every_call()
    {
        string name = await server.CreateTopicAsync();
        await Topics.DeleteTopicAsync(new DeleteTopicRequest { Topic = name });

        Assert.Equal((StatusCode.NotFound, "topicNotFound", null), (await Refused.ByAsync(Topics.GetTopicAsync(new GetTopicRequest { Topic = name }))).Told);
        Assert.Equal((StatusCode.NotFound, "topicNotFound", null), (await Refused.ByAsync(Topics.PatchTopicAsync(new PatchTopicRequest { Topic = name }))).Told);
        Assert.Equal((StatusCode.NotFound, "topicNotFound", null), (await Refused.ByAsync(Topics.DeleteTopicAsync(new DeleteTopicRequest { Topic = name }))).Told);
        Assert.Equal((StatusCode.NotFound, "topicNotFound", null), (await Refused.ByAsync(Topics.ListPartitionsAsync(new ListPartitionsRequest { Topic = name }))).Told);
        Assert.Equal((StatusCode.NotFound, "topicNotFound", null), (await Refused.ByAsync(Topics.FindOffsetsAsync(new FindOffsetsRequest { Topic = name }))).Told);
        Assert.Equal((StatusCode.NotFound, "topicNotFound", null), (await Refused.ByAsync(Topics.DeleteRecordsAsync(new DeleteRecordsRequest { Topic = name, All = true }))).Told);
        Assert.Equal((StatusCode.NotFound, "topicNotFound", null), (await Refused.ByAsync(Topics.PublishRecordsAsync(new PublishRecordsRequest { Topic = name, Records = { TopicSteps.Text("x") } }))).Told);
        Assert.Equal((StatusCode.NotFound, "topicNotFound", null), (await Refused.ByAsync(Topics.PublishBatchAsync(new PublishBatchRequest { Topic = name }))).Told);
        Assert.Equal((StatusCode.NotFound, "topicNotFound", null), (await Refused.ByAsync(Topics.FetchRecordsAsync(new FetchRecordsRequest { Topic = name }))).Told);
        Assert.Equal((StatusCode.NotFound, "topicNotFound", null), (await Refused.ByAsync(Topics.FetchBatchesAsync(new FetchBatchesRequest { Topic = name }))).Told);
    }

    [Fact]
    public async Task Topics_are_listed_page_by_page()
    {
        var space = new Metadata { { "messaging-namespace", GrpcServer.NewName() } };
        foreach (string name in (string[])["b-1", "a-2", "a-1"]) await Topics.PutTopicAsync(new PutTopicRequest { Topic = name }, space);

        ListTopicsResponse first = await Topics.ListTopicsAsync(new ListTopicsRequest { Page = new PageRequest { Size = 2 } }, space);
        ListTopicsResponse second = await Topics.ListTopicsAsync(new ListTopicsRequest { Page = new PageRequest { Size = 2, Token = first.NextPageToken } }, space);
        ListTopicsResponse some = await Topics.ListTopicsAsync(new ListTopicsRequest { Prefix = "a-" }, space);

        Assert.Equal(["a-1", "a-2", "b-1"], first.Topics.Concat(second.Topics).Select(topic => topic.Name));
        Assert.Equal("", second.NextPageToken);
        Assert.Equal(["a-1", "a-2"], some.Topics.Select(topic => topic.Name));
    }

    private static bool IsSet(global::Google.Protobuf.Reflection.FieldDescriptor field, TopicDefinition definition) =>
        field.HasPresence ? field.Accessor.HasValue(definition) : (int)field.Accessor.GetValue(definition) != 0;

    private async Task<TopicDefinition> PatchAsync(string name, TopicDefinition definition, params string[] paths) =>
        (await Topics.PatchTopicAsync(new PatchTopicRequest { Topic = name, Definition = definition, UpdateMask = new FieldMask { Paths = { paths } } })).Topic.Definition;

    private async Task<(StatusCode Status, string? Code, string? Field)> RefusedAsync(TopicDefinition definition) =>
        (await Refused.ByAsync(Topics.PutTopicAsync(new PutTopicRequest { Topic = GrpcServer.NewName(), Definition = definition }))).Told;

    private static string Tags(TopicDefinition definition) =>
        string.Join(' ', definition.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
}
