using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Queues;

/// <summary>Every unary call on queues: what it does, and how it refuses.</summary>
public sealed class QueueServiceTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    [Fact]
    public async Task A_queue_is_created_with_its_defaults_and_replaced()
    {
        string name = GrpcServer.NewName();

        PutQueueResponse created = await server.Queues.PutQueueAsync(new PutQueueRequest { Queue = name });
        PutQueueResponse changed = await server.Queues.PutQueueAsync(new PutQueueRequest { Queue = name, Definition = new QueueDefinition { LeaseSeconds = 0, Tags = { ["a"] = "b" } } });

        Assert.True(created.Created);
        Assert.Equal((name, 30, 345_600, QueueType.Standard), (created.Queue.Name, created.Queue.Definition.LeaseSeconds, created.Queue.Definition.RetentionSeconds, created.Queue.Definition.Type));
        Assert.False(created.Queue.Definition.HasMaxMessages);
        Assert.False(changed.Created);
        Assert.Equal((0, "b"), (changed.Queue.Definition.LeaseSeconds, changed.Queue.Definition.Tags["a"]));
        Assert.True(changed.Queue.Version > created.Queue.Version);
        Assert.Equal(changed.Queue, (await server.Queues.GetQueueAsync(new GetQueueRequest { Queue = name })).Queue);
    }

    [Fact]
    public async Task Every_field_of_a_definition_comes_back_as_it_was_put()
    {
        string dead = await server.CreateQueueAsync();
        var definition = new QueueDefinition
        {
            Type = QueueType.Standard, LeaseSeconds = 1, DelaySeconds = 2, RetentionSeconds = 60, ReceiveWaitSeconds = 3, MaxMessageBytes = 2048, Priorities = 4, MaxMessages = 5,
            DeadLetter = new DeadLetter { Queue = dead, MaxReceives = 6 },
            Deduplication = new Deduplication { ContentBased = true, Scope = Deduplication.Types.Scope.Group, WindowSeconds = 7 },
            Retry = new Retry { MinSeconds = 8, MaxSeconds = 9, Factor = 1.5, Jitter = 0.5 },
            Tags = { ["t"] = "1" }, Annotations = { ["x"] = "2" },
        };

        // A field that is added to the contract and forgotten here, in the reader or in the writer, has its default: it would not be set.
        Assert.All(QueueDefinition.Descriptor.Fields.InFieldNumberOrder(), field => Assert.True(field.IsMap || field.Accessor.GetValue(definition) is not null and not 0 and not QueueType.Unspecified, field.Name));
        Assert.Equal(definition, (await server.Queues.PutQueueAsync(new PutQueueRequest { Queue = GrpcServer.NewName(), Definition = definition })).Queue.Definition);
    }

    [Fact]
    public async Task A_patch_changes_what_is_set_or_what_its_mask_names_and_nothing_else()
    {
        string name = await server.CreateQueueAsync(new QueueDefinition { LeaseSeconds = 7, DelaySeconds = 3, Retry = new Retry { MinSeconds = 5 }, Tags = { ["keep"] = "1", ["drop"] = "2" } });

        QueueDefinition set = await PatchAsync(name, new QueueDefinition { LeaseSeconds = 0, Retry = new Retry { Factor = 3 }, Tags = { ["more"] = "3" } });
        QueueDefinition masked = await PatchAsync(name, new QueueDefinition { Tags = { ["keep"] = "4" }, ReceiveWaitSeconds = 9 }, "delay_seconds", "tags.keep", "tags.drop", "retry.factor");

        Assert.Equal((0, 3, 5, 3d), (set.LeaseSeconds, set.DelaySeconds, set.Retry.MinSeconds, set.Retry.Factor));
        Assert.Equal("drop=2 keep=1 more=3", Tags(set));
        Assert.Equal((0, 0, 5, 2d, 0), (masked.LeaseSeconds, masked.DelaySeconds, masked.Retry.MinSeconds, masked.Retry.Factor, masked.ReceiveWaitSeconds));
        Assert.Equal("keep=4 more=3", Tags(masked));
        Assert.Null((await PatchAsync(name, new QueueDefinition(), "retry")).Retry);
    }

    [Theory]
    [InlineData("lease_second")]
    [InlineData("retry.min")]
    [InlineData("lease_seconds.x")]
    [InlineData("")]
    public async Task A_mask_that_names_no_field_is_refused(string path)
    {
        string name = await server.CreateQueueAsync();
        var request = new PatchQueueRequest { Queue = name, Definition = new QueueDefinition(), UpdateMask = new FieldMask { Paths = { path } } };

        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "updateMask"), (await Refused.ByAsync(server.Queues.PatchQueueAsync(request))).Told);
    }

    [Fact]
    public async Task A_patch_without_a_mask_changes_a_bounded_number_of_tags()
    {
        string name = await server.CreateQueueAsync();
        var definition = new QueueDefinition();
        for (int i = 0; i < 201; i++) definition.Tags[$"t{i}"] = "";

        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "definition"), (await Refused.ByAsync(server.Queues.PatchQueueAsync(new PatchQueueRequest { Queue = name, Definition = definition }))).Told);
    }

    [Fact]
    public async Task A_definition_is_guarded_by_its_version()
    {
        string name = await server.CreateQueueAsync();
        long version = (await server.Queues.GetQueueAsync(new GetQueueRequest { Queue = name })).Queue.Version;
        Task<Refused> Refuse(Precondition precondition) => Refused.ByAsync(server.Queues.PutQueueAsync(new PutQueueRequest { Queue = name, Precondition = precondition }));

        Assert.Equal((StatusCode.Aborted, "preconditionFailed", null), (await Refuse(new Precondition { Version = version + 1 })).Told);
        Assert.Equal((StatusCode.Aborted, "preconditionFailed", null), (await Refuse(new Precondition { MustNotExist = true })).Told);
        Assert.Equal((StatusCode.Aborted, "preconditionFailed", null), (await Refused.ByAsync(server.Queues.DeleteQueueAsync(new DeleteQueueRequest { Queue = name, Precondition = new Precondition { Version = version + 1 } }))).Told);
        await server.Queues.DeleteQueueAsync(new DeleteQueueRequest { Queue = name, Precondition = new Precondition { Version = version } });
        Assert.Equal((StatusCode.NotFound, "queueNotFound", null), (await Refused.ByAsync(server.Queues.GetQueueAsync(new GetQueueRequest { Queue = name }))).Told);
    }

    [Fact]
    public async Task Queues_are_listed_page_by_page()
    {
        var space = new Metadata { { "messaging-namespace", GrpcServer.NewName() } };
        foreach (string name in (string[])["b-1", "a-2", "a-1"]) await server.Queues.PutQueueAsync(new PutQueueRequest { Queue = name }, space);

        ListQueuesResponse first = await server.Queues.ListQueuesAsync(new ListQueuesRequest { Page = new PageRequest { Size = 2 } }, space);
        ListQueuesResponse second = await server.Queues.ListQueuesAsync(new ListQueuesRequest { Page = new PageRequest { Size = 2, Token = first.NextPageToken } }, space);
        ListQueuesResponse some = await server.Queues.ListQueuesAsync(new ListQueuesRequest { Prefix = "a-" }, space);

        Assert.Equal(["a-1", "a-2", "b-1"], first.Queues.Concat(second.Queues).Select(queue => queue.Name));
        Assert.Equal("", second.NextPageToken);
        Assert.Equal(["a-1", "a-2"], some.Queues.Select(queue => queue.Name));
    }

    [Fact]
    public async Task A_name_that_is_none_and_a_queue_that_is_not_there_are_told_apart()
    {
        Assert.Equal((StatusCode.InvalidArgument, "invalidName", "queue"), (await Refused.ByAsync(server.Queues.GetQueueAsync(new GetQueueRequest()))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidName", "messaging-namespace"), (await Refused.ByAsync(server.Queues.GetQueueAsync(new GetQueueRequest { Queue = "q" }, new Metadata { { "messaging-namespace", new string('n', 256) } }))).Told);
        Assert.Equal((StatusCode.NotFound, "queueNotFound", null), (await Refused.ByAsync(server.Queues.SendMessagesAsync(new SendMessagesRequest { Queue = "nobody", Messages = { GrpcServer.Text("x") } }))).Told);
    }

    private async Task<QueueDefinition> PatchAsync(string name, QueueDefinition definition, params string[] paths) => (await server.Queues.PatchQueueAsync(
        new PatchQueueRequest { Queue = name, Definition = definition, UpdateMask = paths.Length == 0 ? null : new FieldMask { Paths = { paths } } })).Queue.Definition;

    private static string Tags(QueueDefinition definition) => string.Join(' ', definition.Tags.OrderBy(tag => tag.Key).Select(tag => $"{tag.Key}={tag.Value}"));
}
