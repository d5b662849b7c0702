using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Messaging.V1;

namespace Orders.Scripts;

/// <summary>What a user of C# does with the generated client, step by step; each that is otherwise than it should be is printed.</summary>
internal sealed class Steps(GrpcChannel channel)
{
    private readonly QueueService.QueueServiceClient _queues = new(channel);
    private readonly TopicService.TopicServiceClient _topics = new(channel);
    private readonly GroupService.GroupServiceClient _groups = new(channel);
    private readonly SubscriptionService.SubscriptionServiceClient _subscriptions = new(channel);
    private int _failed;

    public async Task<int> RunAsync()
    {
        (string Name, Func<Task> Run)[] steps =
        [
            ("a message is sent, received, kept longer and acknowledged", QueueAsync),
            ("thousands of requests are in flight, and answered in their order", StreamAsync),
            ("records are published, fetched and followed", TopicAsync),
            ("a group fetches by lease, and commits by the token", GroupAsync),
            ("a subscription of a queue gets what its filter lets through", SubscriptionAsync),
            ("a refusal has a reason, and names its field", RefusalAsync),
        ];
        foreach ((string name, Func<Task> run) in steps)
        {
            try
            {
                await run();
                Console.WriteLine($"ok {name}");
            }
            catch (Exception exception)
            {
                _failed++;
                Console.WriteLine($"not ok {name}: {exception}");
            }
        }
        Console.WriteLine($"# tests {steps.Length}");
        return _failed;
    }

    private async Task QueueAsync()
    {
        string queue = await CreateAsync(new QueueDefinition { LeaseSeconds = 60 });
        SendResult sent = (await _queues.SendMessagesAsync(new SendMessagesRequest { Queue = queue, Messages = { Text("hi") } }, Connection.Headers())).Results.Single();
        Message message = (await _queues.ReceiveMessagesAsync(new ReceiveMessagesRequest { Queue = queue, Max = 10, WaitSeconds = 5 }, Connection.Headers())).Messages.Single();
        Expect((sent.Id, "hi", 1), (message.Id, message.Body.ToStringUtf8(), message.ReceiveCount));
        var extend = new ExtendLeasesRequest { Queue = queue, Entries = { new ExtendEntry { Receipt = message.Receipt, LeaseSeconds = 600 } } };
        Expect(null, (await _queues.ExtendLeasesAsync(extend, Connection.Headers())).Results.Single().Error);
        Expect((0L, 1L), await CountsAsync(queue));
        var acknowledge = new AcknowledgeMessagesRequest { Queue = queue, Receipts = { message.Receipt } };
        Expect(null, (await _queues.AcknowledgeMessagesAsync(acknowledge, Connection.Headers())).Results.Single().Error);
        Expect((0L, 0L), await CountsAsync(queue));
    }

    private async Task StreamAsync()
    {
        const int Count = 3000;
        string queue = await CreateAsync(new QueueDefinition());
        using AsyncDuplexStreamingCall<StreamSendRequest, StreamSendResponse> call = _queues.StreamSend(Connection.Headers());
        Task sending = Task.Run(async () =>
        {
            for (int number = 0; number < Count; number++)
                await call.RequestStream.WriteAsync(new StreamSendRequest { Queue = queue, Messages = { Enumerable.Repeat(Text($"{number}"), 1 + (number % 3)) } });
            await call.RequestStream.CompleteAsync();
        });
        int answered = 0;
        await foreach (StreamSendResponse response in call.ResponseStream.ReadAllAsync())
        {
            Expect(1 + (answered % 3), response.Results.Count(static result => result.Error is null));
            answered++;
        }
        await sending;
        Expect(Count, answered);
        Expect((2L * Count, 0L), await CountsAsync(queue));
    }

    private async Task TopicAsync()
    {
        string topic = await CreateTopicAsync();
        await PublishAsync(topic, "a");
        FetchRecordsResponse page = await _topics.FetchRecordsAsync(new FetchRecordsRequest { Topic = topic }, Connection.Headers());
        Expect(("a", 0L, 1L), (page.Records.Single().Body.ToStringUtf8(), page.Records.Single().Offset, page.NextOffset));
        using AsyncServerStreamingCall<StreamFetchResponse> call = _topics.StreamFetch(new StreamFetchRequest { Topic = topic }, Connection.Headers());
        var bodies = new List<string>();
        while (bodies.Count < 2)
        {
            Expect(true, await call.ResponseStream.MoveNext());
            bodies.AddRange(call.ResponseStream.Current.Records.Select(static record => record.Body.ToStringUtf8()));
            if (bodies.Count == 1)
                await PublishAsync(topic, "b");
        }
        Expect("a b", string.Join(' ', bodies));
    }

    private async Task GroupAsync()
    {
        (string topic, string group) = (await CreateTopicAsync(), $"g-{Guid.NewGuid()}");
        await PublishAsync(topic, "a");
        FetchForGroupResponse fetched = await _groups.FetchForGroupAsync(new FetchForGroupRequest { Group = group, Topics = { topic }, WaitSeconds = 5 }, Connection.Headers());
        Expect((topic, 0L, "a"), fetched.Records.Select(static read => (read.Topic, read.Record.Offset, read.Record.Body.ToStringUtf8())).Single());
        await _groups.CommitOffsetsAsync(new CommitOffsetsRequest { Group = group, Token = fetched.CommitToken }, Connection.Headers());
        GetGroupOffsetsResponse committed = await _groups.GetGroupOffsetsAsync(new GetGroupOffsetsRequest { Group = group }, Connection.Headers());
        Expect((topic, 0, 1L, 0L), committed.Offsets.Select(static offset => (offset.Topic, offset.Partition, offset.Offset, offset.Lag)).Single());
    }

    private async Task SubscriptionAsync()
    {
        (string topic, string queue) = (await CreateTopicAsync(), await CreateAsync(new QueueDefinition()));
        var definition = new SubscriptionDefinition
        {
            Target = new SubscriptionTarget { Queue = new QueueTarget { Name = queue } }, Filter = new SubscriptionFilter { Policy = """{"kind":["order"]}""" }, Raw = true,
        };
        await _subscriptions.PutSubscriptionAsync(new PutSubscriptionRequest { Topic = topic, Subscription = "orders", Definition = definition }, Connection.Headers());
        string[] kinds = ["invoice", "order"];
        var records = kinds.Select(static kind => new OutgoingRecord { Body = ByteString.CopyFromUtf8($"an {kind}"), Attributes = { ["kind"] = new Messaging.V1.Attribute { Text = kind } } });
        await _topics.PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Records = { records } }, Connection.Headers());
        Message message = (await _queues.ReceiveMessagesAsync(new ReceiveMessagesRequest { Queue = queue, Max = 10, WaitSeconds = 20 }, Connection.Headers())).Messages.Single();
        Expect("an order", message.Body.ToStringUtf8());
    }

    private async Task RefusalAsync()
    {
        RpcException missing = await RefusedAsync(_queues.GetQueueAsync(new GetQueueRequest { Queue = "очередь" }, Connection.Headers()));
        Expect((StatusCode.NotFound, "queueNotFound"), (missing.StatusCode, missing.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
        Expect(true, missing.Status.Detail.Contains("очередь"));
        var wrong = new PutQueueRequest { Queue = "wrong", Definition = new QueueDefinition { LeaseSeconds = -1 } };
        RpcException invalid = await RefusedAsync(_queues.PutQueueAsync(wrong, Connection.Headers()));
        Expect("definition.leaseSeconds", invalid.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Single().Field);
    }

    private static async Task<RpcException> RefusedAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call;
        }
        catch (RpcException refusal)
        {
            return refusal;
        }
        throw new InvalidOperationException("It was not refused.");
    }

    private async Task<string> CreateAsync(QueueDefinition definition)
    {
        string queue = $"q-{Guid.NewGuid()}";
        Expect(true, (await _queues.PutQueueAsync(new PutQueueRequest { Queue = queue, Definition = definition }, Connection.Headers())).Created);
        return queue;
    }

    private async Task<string> CreateTopicAsync()
    {
        string topic = $"t-{Guid.NewGuid()}";
        await _topics.PutTopicAsync(new PutTopicRequest { Topic = topic, Definition = new TopicDefinition { Partitions = 1 } }, Connection.Headers());
        return topic;
    }

    private async Task<(long, long)> CountsAsync(string queue)
    {
        QueueCounts counts = (await _queues.GetQueueAsync(new GetQueueRequest { Queue = queue }, Connection.Headers())).Queue.Counts;
        return (counts.Ready, counts.Leased);
    }

    private async Task PublishAsync(string topic, string body) => await _topics.PublishRecordsAsync(
        new PublishRecordsRequest { Topic = topic, Records = { new OutgoingRecord { Body = ByteString.CopyFromUtf8(body) } } }, Connection.Headers());

    private static OutgoingMessage Text(string body) => new() { Body = ByteString.CopyFromUtf8(body) };

    private static void Expect<T>(T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual)) throw new InvalidOperationException($"Expected {expected}, and it was {actual}.");
    }
}
