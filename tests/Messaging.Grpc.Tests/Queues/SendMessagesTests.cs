using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.V1;
using Attribute = Messaging.V1.Attribute;

namespace Messaging.Grpc.Tests.Queues;

/// <summary>Messages that are sent: how they come back, and how a send is refused.</summary>
public sealed class SendMessagesTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    [Fact]
    public async Task A_message_is_received_as_it_was_sent()
    {
        string queue = await server.CreateQueueAsync(new QueueDefinition { Priorities = 3 });
        var sent = new OutgoingMessage
        {
            Body = ByteString.CopyFrom(0, 1, 0xff), ContentType = "application/x-thing", Group = "g", Priority = 2, ExpiresInSeconds = 100, Traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            Attributes = { ["n"] = new Attribute { Number = "7.50", CustomType = "money" }, ["t"] = new Attribute { Text = "" }, ["b"] = new Attribute { Binary = ByteString.CopyFrom(1, 2) } },
        };

        SendResult result = (await server.Queues.SendMessagesAsync(new SendMessagesRequest { Queue = queue, Messages = { sent } })).Results.Single();
        Message received = (await server.ReceiveAsync(queue)).Single();

        Assert.Equal((result.Id, sent.Body, sent.ContentType, sent.Group, sent.Priority, sent.Traceparent, 1),
            (received.Id, received.Body, received.ContentType, received.Group, received.Priority, received.Traceparent, received.ReceiveCount));
        Assert.Equal(sent.Attributes, received.Attributes);
        Assert.Equal(100, received.ExpiresAt.Seconds - received.SentAt.Seconds);
        Assert.Equal(30, received.LeasedUntil.Seconds - received.FirstReceivedAt.Seconds);
        Assert.False(received.HasSequence);
    }

    [Fact]
    public async Task A_FIFO_queue_keeps_the_order_and_says_it()
    {
        string queue = await server.CreateQueueAsync(new QueueDefinition { Type = QueueType.Fifo });
        OutgoingMessage Of(string body, string id) => new() { Body = ByteString.CopyFromUtf8(body), Group = "g", DeduplicationId = id };

        SendMessagesResponse sent = await server.Queues.SendMessagesAsync(new SendMessagesRequest { Queue = queue, Messages = { Of("1", "a"), Of("2", "b"), Of("1", "a") } });
        Message[] received = await server.ReceiveAsync(queue);

        Assert.Equal([false, false, true], sent.Results.Select(result => result.Duplicate));
        Assert.Equal(sent.Results[0].Id, sent.Results[2].Id);
        Assert.Equal(["1", "2"], received.Select(message => message.Body.ToStringUtf8()));
        Assert.Equal(sent.Results.Take(2).Select(result => result.Sequence), received.Select(message => message.Sequence));
        Assert.Equal(["a", "b"], received.Select(message => message.DeduplicationId));
    }

    [Fact]
    public async Task One_bad_message_never_fails_the_others()
    {
        string queue = await server.CreateQueueAsync(new QueueDefinition { MaxMessageBytes = 1024 });
        var request = new SendMessagesRequest
        {
            Queue = queue,
            Messages =
            {
                GrpcServer.Text("good"), new OutgoingMessage { ContentType = "no type" }, new OutgoingMessage { Body = ByteString.CopyFrom(new byte[1025]) }, new OutgoingMessage { DelaySeconds = -1 },
                new OutgoingMessage { Attributes = { ["x"] = new Attribute() } }, new OutgoingMessage { Priority = 1 }, new OutgoingMessage { DeliverAt = new Timestamp { Nanos = -1 } }, GrpcServer.Text("too"),
            },
        };

        SendMessagesResponse response = await server.Queues.SendMessagesAsync(request);

        Assert.Equal(
            [null, "invalidValue messages[1].contentType", "messageTooLarge messages[2]", "invalidValue messages[3].delaySeconds", "invalidValue messages[4].attributes[\"x\"]", "invalidValue messages[5].priority", "invalidValue messages[6].deliverAt", null],
            response.Results.Select(result => result.Error is null ? null : $"{result.Error.Code} {result.Error.Field}"));
        Assert.Equal(["good", "too"], (await server.ReceiveAsync(queue)).Select(message => message.Body.ToStringUtf8()));
    }

    [Fact]
    public async Task A_call_of_which_nothing_succeeds_is_refused_as_its_first_entry_and_tells_all()
    {
        string queue = await server.CreateQueueAsync();
        var request = new SendMessagesRequest { Queue = queue, Messages = { new OutgoingMessage { Priority = 9 }, new OutgoingMessage { ContentType = "x" } } };

        RpcException exception = await Assert.ThrowsAsync<RpcException>(async () => await server.Queues.SendMessagesAsync(request));

        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "messages[0].priority"), Refused.Of(exception).Told);
        Assert.Equal(["messages[0].priority", "messages[1].contentType"], exception.GetRpcStatus()!.GetDetail<BatchFailure>()!.Errors.Select(error => error.Field));
    }

    [Fact]
    public async Task A_full_queue_says_when_to_try_again()
    {
        string queue = await server.CreateQueueAsync(new QueueDefinition { MaxMessages = 1 });
        await server.SendAsync(queue, "1");

        Refused refused = await Refused.ByAsync(server.Queues.SendMessagesAsync(new SendMessagesRequest { Queue = queue, Messages = { GrpcServer.Text("2") } }));

        Assert.Equal((StatusCode.ResourceExhausted, "queueFull"), (refused.Status, refused.Code));
        Assert.Equal(1, refused.RetryAfterSeconds);
    }

    [Fact]
    public async Task A_send_under_an_idempotency_key_is_stored_once_whatever_the_order_of_its_maps()
    {
        string queue = await server.CreateQueueAsync();
        var key = new Metadata { { "idempotency-key", "k1" } };
        SendMessagesRequest Of(string body, params string[] names)
        {
            var message = GrpcServer.Text(body);
            foreach (string name in names) message.Attributes[name] = new Attribute { Text = name };
            return new SendMessagesRequest { Queue = queue, Messages = { message } };
        }

        string first = (await server.Queues.SendMessagesAsync(Of("x", "a", "b"), key)).Results.Single().Id;
        string again = (await server.Queues.SendMessagesAsync(Of("x", "b", "a"), key)).Results.Single().Id;

        Assert.Equal(first, again);
        Assert.Equal((StatusCode.AlreadyExists, "idempotencyKeyReused", null), (await Refused.ByAsync(server.Queues.SendMessagesAsync(Of("y"), key))).Told);
        Assert.Single(await server.ReceiveAsync(queue));
        Assert.Equal((StatusCode.InvalidArgument, "notSupported", "idempotency-key"), (await Refused.ByAsync(server.Queues.PurgeQueueAsync(new PurgeQueueRequest { Queue = queue }, key))).Told);
    }
}
