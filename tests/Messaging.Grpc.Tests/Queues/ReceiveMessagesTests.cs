using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Queues;

/// <summary>Messages that are received, settled, looked at and moved.</summary>
public sealed class ReceiveMessagesTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    [Fact]
    public async Task A_receive_waits_for_the_first_message_and_answers_empty_when_there_is_none()
    {
        string queue = await server.CreateQueueAsync();
        AsyncUnaryCall<ReceiveMessagesResponse> waiting = server.Queues.ReceiveMessagesAsync(new ReceiveMessagesRequest { Queue = queue, Max = 5, WaitSeconds = 20 });

        await server.SendAsync(queue, "now");

        Assert.Equal("now", (await waiting).Messages.Single().Body.ToStringUtf8());
        Assert.Empty(await server.ReceiveAsync(queue));
    }

    [Theory]
    [InlineData(0, 0, 0, "max")]
    [InlineData(1_001, 0, 0, "max")]
    [InlineData(1, 61, 0, "waitSeconds")]
    [InlineData(1, 0, 43_201, "leaseSeconds")]
    public async Task A_receive_refuses_what_is_out_of_range(int max, int wait, int lease, string field)
    {
        var request = new ReceiveMessagesRequest { Queue = await server.CreateQueueAsync(), Max = max, WaitSeconds = wait, LeaseSeconds = lease };

        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", field), (await Refused.ByAsync(server.Queues.ReceiveMessagesAsync(request))).Told);
    }

    [Fact]
    public async Task A_receive_that_is_asked_again_by_its_attempt_gets_the_same_messages()
    {
        string queue = await server.CreateQueueAsync();
        await server.SendAsync(queue, "1", "2");
        var request = new ReceiveMessagesRequest { Queue = queue, WaitSeconds = 0, AttemptId = "a" };

        Assert.Equal((await server.Queues.ReceiveMessagesAsync(request)).Messages.Single().Id, (await server.Queues.ReceiveMessagesAsync(request)).Messages.Single().Id);
    }

    [Fact]
    public async Task What_is_received_is_acknowledged_extended_released_and_rejected()
    {
        string dead = await server.CreateQueueAsync();
        string queue = await server.CreateQueueAsync(new QueueDefinition { DeadLetter = new DeadLetter { Queue = dead, MaxReceives = 5 } });
        await server.SendAsync(queue, "done", "longer", "back", "dead");
        Dictionary<string, string> receipts = (await server.ReceiveAsync(queue)).ToDictionary(message => message.Body.ToStringUtf8(), message => message.Receipt);

        await server.Queues.AcknowledgeMessagesAsync(new AcknowledgeMessagesRequest { Queue = queue, Receipts = { receipts["done"] } });
        await server.Queues.ExtendLeasesAsync(new ExtendLeasesRequest { Queue = queue, Entries = { new ExtendEntry { Receipt = receipts["longer"], LeaseSeconds = 100 } } });
        await server.Queues.ReleaseMessagesAsync(new ReleaseMessagesRequest { Queue = queue, Entries = { new ReleaseEntry { Receipt = receipts["back"] } } });
        await server.Queues.RejectMessagesAsync(new RejectMessagesRequest { Queue = queue, Entries = { new RejectEntry { Receipt = receipts["dead"], Reason = "bad" } } });

        Message again = (await server.ReceiveAsync(queue)).Single();
        Assert.Equal(("back", 2), (again.Body.ToStringUtf8(), again.ReceiveCount));
        MessageOrigin origin = (await server.ReceiveAsync(dead)).Single().Origin;
        Assert.Equal((queue, "default", MessageOrigin.Types.Reason.Rejected, "bad", 1), (origin.Queue, origin.Namespace, origin.Reason, origin.Detail, origin.ReceiveCount));
    }

    [Fact]
    public async Task Each_receipt_that_is_none_is_told_so()
    {
        string queue = await server.CreateQueueAsync();
        await server.SendAsync(queue, "1");
        string receipt = (await server.ReceiveAsync(queue)).Single().Receipt;

        AcknowledgeMessagesResponse response = await server.Queues.AcknowledgeMessagesAsync(new AcknowledgeMessagesRequest { Queue = queue, Receipts = { "none", receipt } });
        var tooLong = new ExtendLeasesRequest { Queue = queue, Entries = { new ExtendEntry { Receipt = receipt, LeaseSeconds = 43_201 } } };

        Assert.Equal(["receiptInvalid receipts[0]", null], response.Results.Select(result => result.Error is null ? null : $"{result.Error.Code} {result.Error.Field}"));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "entries[0].leaseSeconds"), (await Refused.ByAsync(server.Queues.ExtendLeasesAsync(tooLong))).Told);
    }

    [Fact]
    public async Task An_entry_whose_receipt_is_refused_names_it_whoever_refuses()
    {
        string queue = await server.CreateQueueAsync(new QueueDefinition { DeadLetter = new DeadLetter { Queue = await server.CreateQueueAsync(), MaxReceives = 9 } });
        await server.SendAsync(queue, "1", "2");
        string[] receipts = [.. (await server.ReceiveAsync(queue)).Select(message => message.Receipt)];
        await server.Queues.AcknowledgeMessagesAsync(new AcknowledgeMessagesRequest { Queue = queue, Receipts = { receipts[0] } });
        // The first two are no receipts to the front, the third is none any more to the broker, and the last one is good.
        string[] told = ["receiptInvalid entries[0].receipt", "receiptInvalid entries[1].receipt", "messageGone entries[2].receipt", ""];
        string[] shown = ["none", "", receipts[0], receipts[1]];

        Assert.Equal(told, Told((await server.Queues.ExtendLeasesAsync(new ExtendLeasesRequest
        {
            Queue = queue, Entries = { shown.Select(receipt => new ExtendEntry { Receipt = receipt, LeaseSeconds = 9 }) },
        })).Results));
        Assert.Equal(told, Told((await server.Queues.RejectMessagesAsync(new RejectMessagesRequest { Queue = queue, Entries = { shown.Select(receipt => new RejectEntry { Receipt = receipt }) } })).Results));
        var gone = new ReleaseMessagesRequest { Queue = queue, Entries = { new ReleaseEntry { Receipt = receipts[1] } } };
        Assert.Equal((StatusCode.NotFound, "messageGone", "entries[0].receipt"), (await Refused.ByAsync(server.Queues.ReleaseMessagesAsync(gone))).Told);
    }

    [Fact]
    public async Task Messages_are_looked_at_untouched_and_cancelled()
    {
        string queue = await server.CreateQueueAsync();
        await server.Queues.SendMessagesAsync(new SendMessagesRequest { Queue = queue, Messages = { GrpcServer.Text("now"), new OutgoingMessage { Body = ByteString.CopyFromUtf8("later"), DelaySeconds = 100 } } });

        BrowseMessagesResponse all = await server.Queues.BrowseMessagesAsync(new BrowseMessagesRequest { Queue = queue });
        BrowsedMessage delayed = (await server.Queues.BrowseMessagesAsync(new BrowseMessagesRequest { Queue = queue, State = MessageState.Delayed })).Messages.Single();
        BrowsedMessage looked = (await server.Queues.GetMessageAsync(new GetMessageRequest { Queue = queue, Id = delayed.Message.Id })).Message;
        await server.Queues.CancelMessageAsync(new CancelMessageRequest { Queue = queue, Id = delayed.Message.Id });

        Assert.Equal(["now", "later"], all.Messages.Select(message => message.Message.Body.ToStringUtf8()));
        Assert.Equal(100, delayed.AvailableAt.Seconds - delayed.Message.SentAt.Seconds);
        Assert.Equal(delayed, looked);
        Assert.Equal((StatusCode.NotFound, "messageNotFound", null), (await Refused.ByAsync(server.Queues.GetMessageAsync(new GetMessageRequest { Queue = queue, Id = delayed.Message.Id }))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "id"), (await Refused.ByAsync(server.Queues.CancelMessageAsync(new CancelMessageRequest { Queue = queue, Id = "7" }))).Told);
        Assert.Equal(1, (await server.Queues.PurgeQueueAsync(new PurgeQueueRequest { Queue = queue })).Purged);
    }

    [Fact]
    public async Task Dead_letters_are_redriven_by_an_operation()
    {
        string dead = await server.CreateQueueAsync();
        string queue = await server.CreateQueueAsync(new QueueDefinition { DeadLetter = new DeadLetter { Queue = dead, MaxReceives = 5 } });
        await server.SendAsync(queue, "1");
        await server.Queues.RejectMessagesAsync(new RejectMessagesRequest { Queue = queue, Entries = { new RejectEntry { Receipt = (await server.ReceiveAsync(queue)).Single().Receipt } } });

        Operation started = (await server.Queues.RedriveMessagesAsync(new RedriveMessagesRequest
        {
            Queue = dead, MessagesPerSecond = 100, Filter = new RedriveFilter { Reason = MessageOrigin.Types.Reason.Rejected, Origin = queue, SentAfter = new Timestamp() },
        })).Operation;
        Message back = (await server.Queues.ReceiveMessagesAsync(new ReceiveMessagesRequest { Queue = queue, WaitSeconds = 20 })).Messages.Single();
        Operation ended = await EndOf(started.Id);

        Assert.Equal((Operation.DetailsOneofCase.Redrive, dead, "", 100), (started.DetailsCase, started.Redrive.Queue, started.Redrive.Destination, started.Redrive.MessagesPerSecond));
        Assert.Equal("1", back.Body.ToStringUtf8());
        Assert.Equal((Operation.Types.Status.Completed, 1L, 0L, 0L, 1L), (ended.Status, ended.Redrive.Moved, ended.Redrive.Failed, ended.Redrive.Skipped, ended.Redrive.ApproximateTotal));
        Assert.Equal((null, started.StartedAt), (started.EndedAt, ended.StartedAt));
        Assert.NotNull(ended.EndedAt);
        Assert.Contains((await server.Operations.ListOperationsAsync(new ListOperationsRequest())).Operations, operation => operation.Id == started.Id);
        Assert.Equal((StatusCode.NotFound, "operationNotFound", null), (await Refused.ByAsync(server.Operations.CancelOperationAsync(new CancelOperationRequest { Id = "none" }))).Told);
    }

    // It ends in the step after the one that has moved the last message.
    private async Task<Operation> EndOf(string id)
    {
        while (true)
        {
            Operation operation = (await server.Operations.GetOperationAsync(new GetOperationRequest { Id = id })).Operation;
            if (operation.Status != Operation.Types.Status.Running) return operation;
        }
    }

    private static IEnumerable<string> Told(IEnumerable<EntryResult> results) => results.Select(result => result.Error is null ? "" : $"{result.Error.Code} {result.Error.Field}");
}
