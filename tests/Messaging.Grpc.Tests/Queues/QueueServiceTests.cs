using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.V1;
using Attribute = Messaging.V1.Attribute;

namespace Messaging.Grpc.Tests.Queues;

/// <summary>Every unary call on queues and their messages: what it does, and how it refuses.</summary>
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
            [null, "invalidValue messages[1].contentType", "messageTooLarge messages[2]", "invalidValue messages[3].delaySeconds", "invalidValue messages[4].attributes.x", "invalidValue messages[5].priority", "invalidValue messages[6].deliverAt", null],
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
        Assert.Equal((StatusCode.InvalidArgument, "batchEmpty", null), (await Refused.ByAsync(server.Queues.SendMessagesAsync(new SendMessagesRequest { Queue = queue }))).Told);
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

    // It ends in the step after the one that has moved the last message.
    private async Task<Operation> EndOf(string id)
    {
        while (true)
        {
            Operation operation = (await server.Operations.GetOperationAsync(new GetOperationRequest { Id = id })).Operation;
            if (operation.Status != Operation.Types.Status.Running) return operation;
        }
    }
}
