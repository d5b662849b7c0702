using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Definitions;

/// <summary>All definitions as one document. Each test has a server of its own, whose definitions are the test's alone.</summary>
public sealed class DefinitionServiceTests : IAsyncLifetime
{
    private readonly GrpcServer _server = new();

    private DefinitionService.DefinitionServiceClient Definitions => new(_server.Channel);

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_document_is_applied_at_once_and_putting_it_back_changes_nothing()
    {
        PutDefinitionsResponse put = await PutAsync(Document());
        GetDefinitionsResponse got = await Definitions.GetDefinitionsAsync(new GetDefinitionsRequest());
        PutDefinitionsResponse back = await PutAsync(got.Document);

        Assert.True(put.Applied);
        Assert.Equal(
            ["Queue default//orders Created leaseSeconds", "Queue staging//orders Created ", "Topic default//events Created partitions", "Subscription default/events/to-orders Created target"],
            put.Changes.Select(Text));
        Assert.Equal(put.Version, got.Version);
        Assert.Equal(["default/orders 60", "staging/orders 30"], got.Document.Queues.Select(queue => $"{queue.Namespace}/{queue.Name} {queue.Definition.LeaseSeconds}"));
        Assert.Equal(["default/events 3"], got.Document.Topics.Select(topic => $"{topic.Namespace}/{topic.Name} {topic.Definition.Partitions}"));
        Assert.Equal(["default/events/to-orders orders"], got.Document.Subscriptions.Select(one => $"{one.Namespace}/{one.Topic}/{one.Name} {one.Definition.Target.Queue.Name}"));
        Assert.Equal((true, 0, 4, put.Version), (back.Applied, back.Changes.Count, back.Unchanged, back.Version));
    }

    [Fact]
    public async Task What_is_there_is_changed_and_what_is_not_named_is_left_alone()
    {
        await PutAsync(Document());

        PutDefinitionsResponse changed = await PutAsync(new DefinitionsDocument { Queues = { Queue("orders", new QueueDefinition { LeaseSeconds = 61 }) } });

        Assert.Equal(["Queue default//orders Changed leaseSeconds"], changed.Changes.Select(Text));
        Assert.Single((await Definitions.GetDefinitionsAsync(new GetDefinitionsRequest())).Document.Topics);
    }

    [Fact]
    public async Task A_dry_run_tells_and_changes_nothing()
    {
        PutDefinitionsResponse told = await Definitions.PutDefinitionsAsync(new PutDefinitionsRequest { Document = Document(), DryRun = true });

        Assert.False(told.Applied);
        Assert.Equal(4, told.Changes.Count);
        Assert.Empty((await Definitions.GetDefinitionsAsync(new GetDefinitionsRequest())).Document.Queues);
    }

    [Fact]
    public async Task A_document_that_was_made_from_an_older_version_is_not_applied()
    {
        long version = (await PutAsync(Document())).Version;
        await _server.CreateQueueAsync();
        var request = new PutDefinitionsRequest { Document = new DefinitionsDocument { Queues = { Queue("new") } }, Precondition = new Precondition { Version = version } };

        Assert.Equal((StatusCode.Aborted, "preconditionFailed", null), (await Refused.ByAsync(Definitions.PutDefinitionsAsync(request))).Told);
        request.Precondition.Version = (await Definitions.GetDefinitionsAsync(new GetDefinitionsRequest())).Version;
        Assert.True((await Definitions.PutDefinitionsAsync(request)).Applied);
    }

    [Fact]
    public async Task Entries_without_a_namespace_are_of_the_calls()
    {
        var document = new DefinitionsDocument { Queues = { Queue("q") } };

        await Definitions.PutDefinitionsAsync(new PutDefinitionsRequest { Document = document }, new Metadata { { "messaging-namespace", "other" } });

        Assert.Equal("other", (await Definitions.GetDefinitionsAsync(new GetDefinitionsRequest())).Document.Queues.Single().Namespace);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_whoever_found_it_and_nothing_is_applied()
    {
        var document = new DefinitionsDocument();
        document.Queues.Add(Queue("good"));
        document.Queues.Add(new QueueEntry { Namespace = "\n", Definition = new QueueDefinition { Type = (QueueType)9 } });
        document.Queues.Add(Queue("long", new QueueDefinition { LeaseSeconds = 43_201 }));
        document.Queues.Add(Queue("good"));
        document.Topics.Add(new TopicEntry { Name = "events", Definition = new TopicDefinition { Cleanup = (TopicCleanup)9 } });
        document.Subscriptions.Add(new SubscriptionEntry { Name = "s" });
        document.Subscriptions.Add(new SubscriptionEntry { Topic = "nobody", Name = "s", Definition = new SubscriptionDefinition { Target = new SubscriptionTarget { Queue = new QueueTarget { Name = "good" } } } });

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => PutAsync(document));
        DefinitionsFailure failure = refused.GetRpcStatus()!.GetDetail<DefinitionsFailure>()!;

        Assert.Equal((StatusCode.InvalidArgument, "invalidName", "document.queues[1].namespace"), Refused.Of(refused).Told);
        Assert.Equal(
            [
                "invalidName document.queues[1].namespace", "invalidName document.queues[1].name", "invalidValue document.queues[1].definition.type",
                "invalidValue document.queues[2].definition.leaseSeconds", "invalidValue document.queues[3].name", "invalidValue document.topics[0].definition.cleanup",
                "invalidName document.subscriptions[0].topic", "missingField document.subscriptions[0].definition.target", "topicNotFound document.subscriptions[1].topic",
            ],
            failure.Errors.Select(error => $"{error.Code} {error.Field}"));
        Assert.Equal(9, failure.ErrorCount);
        Assert.Empty((await Definitions.GetDefinitionsAsync(new GetDefinitionsRequest())).Document.Queues);
    }

    [Fact]
    public async Task The_first_of_many_errors_are_listed_and_all_are_counted()
    {
        var document = new DefinitionsDocument();
        document.Queues.AddRange(Enumerable.Range(0, 3_000).Select(number => Queue($"q{number}", new QueueDefinition { LeaseSeconds = -1 })));

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => PutAsync(document));
        DefinitionsFailure failure = refused.GetRpcStatus()!.GetDetail<DefinitionsFailure>()!;

        Assert.Equal(3_000, failure.ErrorCount);
        Assert.InRange(failure.Errors.Count, 20, 200);
        Assert.Equal("document.queues[1].definition.leaseSeconds", failure.Errors[1].Field);
        Assert.InRange(Convert.ToBase64String(refused.Trailers.GetValueBytes("grpc-status-details-bin")!).Length, 1, 7_000);
    }

    [Fact]
    public async Task A_call_without_a_document_and_one_with_too_much_are_refused()
    {
        var document = new DefinitionsDocument();
        document.Queues.AddRange(Enumerable.Range(0, 6_000).Select(number => Queue($"q{number}")));
        document.Topics.AddRange(Enumerable.Range(0, 4_001).Select(number => new TopicEntry { Name = $"t{number}" }));

        Assert.Equal((StatusCode.InvalidArgument, "missingField", "document"), (await Refused.ByAsync(Definitions.PutDefinitionsAsync(new PutDefinitionsRequest()))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "definitionsTooLarge", "document.topics"), (await Refused.ByAsync(PutAsync(document))).Told);
    }

    [Fact]
    public async Task A_reset_leaves_an_empty_server()
    {
        await PutAsync(Document());

        Refused named = await Refused.ByAsync(Definitions.ResetServerAsync(new ResetServerRequest(), new Metadata { { "messaging-namespace", "default" } }));
        ResetServerResponse gone = await Definitions.ResetServerAsync(new ResetServerRequest());
        DefinitionsDocument left = (await Definitions.GetDefinitionsAsync(new GetDefinitionsRequest())).Document;

        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "messaging-namespace"), named.Told);
        Assert.Equal((2, 1, 1), (gone.Queues, gone.Topics, gone.Subscriptions));
        Assert.Equal((0, 0, 0), (left.Queues.Count, left.Topics.Count, left.Subscriptions.Count));
    }

    [Fact]
    public async Task A_closed_server_is_not_reset()
    {
        await using GrpcServer closed = await GrpcServer.StartAsync(
            TimeProvider.System, "--Messaging:Auth:Mode=Closed", "--Messaging:Auth:AccessKeyId=AKIAMESSAGING0000001", "--Messaging:Auth:SecretAccessKey=a-secret-of-many-characters");

        Refused refused = await Refused.ByAsync(new DefinitionService.DefinitionServiceClient(closed.Channel).ResetServerAsync(
            new ResetServerRequest(), new Metadata { { "authorization", "Basic " + Convert.ToBase64String("AKIAMESSAGING0000001:a-secret-of-many-characters"u8) } }));

        Assert.Equal((StatusCode.PermissionDenied, "forbidden", null), refused.Told);
    }

    private static DefinitionsDocument Document() => new()
    {
        Queues = { Queue("orders", new QueueDefinition { LeaseSeconds = 60 }), new QueueEntry { Namespace = "staging", Name = "orders" } },
        Topics = { new TopicEntry { Name = "events", Definition = new TopicDefinition { Partitions = 3 } } },
        Subscriptions = { new SubscriptionEntry { Topic = "events", Name = "to-orders", Definition = new SubscriptionDefinition { Target = new SubscriptionTarget { Queue = new QueueTarget { Name = "orders" } } } } },
    };

    private static QueueEntry Queue(string name, QueueDefinition? definition = null) => new() { Name = name, Definition = definition };

    private static string Text(DefinitionChange change) => $"{change.Kind} {change.Namespace}/{change.Topic}/{change.Name} {change.Change} {string.Join(' ', change.Fields)}";

    private async Task<PutDefinitionsResponse> PutAsync(DefinitionsDocument document) => await Definitions.PutDefinitionsAsync(new PutDefinitionsRequest { Document = document });
}
