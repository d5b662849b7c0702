using Google.Protobuf;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Queues;

/// <summary>QueueService.StreamSend: a response for each request, in their order.</summary>
public sealed class SendStreamTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    [Fact]
    public async Task Requests_that_do_not_wait_for_responses_are_answered_in_their_order_and_stored_in_it()
    {
        const int Count = 5_000;
        string queue = await server.CreateQueueAsync(new QueueDefinition { Type = QueueType.Fifo });
        using var call = server.Queues.StreamSend();

        Task<List<StreamSendResponse>> responses = ReadAsync(call);
        for (int i = 0; i < Count; i++)
            await call.RequestStream.WriteAsync(new StreamSendRequest { Queue = i == 0 ? queue : "", Messages = { Of(i) } });
        await call.RequestStream.CompleteAsync();

        List<SendResult> results = [.. (await responses).Select(response => response.Results.Single())];
        Assert.Equal(Count, results.Count);
        Assert.Equal(results.Select(result => result.Sequence).Order(), results.Select(result => result.Sequence));
        var stored = new List<(string Id, string Body)>();
        BrowseMessagesResponse page = new();
        do
        {
            page = await server.Queues.BrowseMessagesAsync(new BrowseMessagesRequest { Queue = queue, Page = new PageRequest { Size = 1_000, Token = page.NextPageToken } });
            stored.AddRange(page.Messages.Select(browsed => (browsed.Message.Id, browsed.Message.Body.ToStringUtf8())));
        }
        while (page.NextPageToken.Length > 0);
        Assert.Equal(results.Select((result, index) => (result.Id, $"{index}")), stored);
    }

    [Fact]
    public async Task A_refused_message_is_told_so_at_its_place_and_the_stream_goes_on()
    {
        string queue = await server.CreateQueueAsync();
        using var call = server.Queues.StreamSend();

        await call.RequestStream.WriteAsync(new StreamSendRequest { Queue = queue, Messages = { new OutgoingMessage { Priority = 3 }, GrpcServer.Text("1") } });
        await call.RequestStream.WriteAsync(new StreamSendRequest { Messages = { new OutgoingMessage { ContentType = "?" } } });
        await call.RequestStream.WriteAsync(new StreamSendRequest { Queue = queue, Messages = { GrpcServer.Text("2") } });
        await call.RequestStream.CompleteAsync();

        Assert.Equal(
            ["invalidValue messages[0].priority|", "invalidValue messages[0].contentType", ""],
            (await ReadAsync(call)).Select(response => string.Join('|', response.Results.Select(result => result.Error is null ? "" : $"{result.Error.Code} {result.Error.Field}"))));
        Assert.Equal(["1", "2"], (await server.ReceiveAsync(queue)).Select(message => message.Body.ToStringUtf8()));
    }

    [Fact]
    public async Task Attributes_count_with_what_they_take_in_memory_and_not_with_their_bytes_alone()
    {
        string queue = await server.CreateQueueAsync();
        var message = new OutgoingMessage();
        for (int i = 0; i < 10; i++) message.Attributes.Add($"{i}", new V1.Attribute { Text = "" });
        // 8 KB of the wire, and more than a thousand parts.
        var request = new StreamSendRequest { Queue = queue, Messages = { Enumerable.Repeat(message, 100) } };
        using (new FullBudget(server.Budgets.Bodies, left: 300_000))
        {
            using var refused = server.Queues.StreamSend();
            await refused.RequestStream.WriteAsync(request);
            Assert.Equal((StatusCode.ResourceExhausted, "overloaded", null), (await Refused.ByAsync(refused.ResponseStream.MoveNext(CancellationToken.None))).Told);
        }

        using var call = server.Queues.StreamSend();
        await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();

        Assert.All((await ReadAsync(call)).Single().Results, result => Assert.Null(result.Error));
        while (server.Budgets.Bodies.Taken != 0) await Task.Yield();
    }

    [Fact]
    public async Task Every_message_is_answered_before_the_next_one_is_sent_where_the_client_wants_it()
    {
        string queue = await server.CreateQueueAsync();
        using var call = server.Queues.StreamSend();
        for (int i = 0; i < 20; i++)
        {
            await call.RequestStream.WriteAsync(new StreamSendRequest { Queue = queue, Messages = { GrpcServer.Text($"{i}") } });
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        }
        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(20, (await server.CountAsync(queue)).Ready);
    }

    [Fact]
    public async Task What_was_sent_before_a_request_that_ends_the_stream_is_answered()
    {
        string queue = await server.CreateQueueAsync();
        using var call = server.Queues.StreamSend();

        await call.RequestStream.WriteAsync(new StreamSendRequest { Queue = queue, Messages = { GrpcServer.Text("1") } });
        await call.RequestStream.WriteAsync(new StreamSendRequest { Queue = "another", Messages = { GrpcServer.Text("2") } });

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Null(call.ResponseStream.Current.Results.Single().Error);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "queue"), (await Refused.ByAsync(call.ResponseStream.MoveNext(CancellationToken.None))).Told);
    }

    [Theory]
    [InlineData("nobody", 1, StatusCode.NotFound, "queueNotFound", null)]
    [InlineData("", 1, StatusCode.InvalidArgument, "invalidName", "queue")]
    [InlineData("nobody", 0, StatusCode.InvalidArgument, "batchEmpty", "messages")]
    public async Task A_stream_that_can_t_be_ends_with_its_status(string queue, int messages, StatusCode status, string code, string? field)
    {
        using var call = server.Queues.StreamSend();
        await call.RequestStream.WriteAsync(new StreamSendRequest { Queue = queue, Messages = { Enumerable.Repeat(GrpcServer.Text("x"), messages) } });

        Refused refused = await Refused.ByAsync(call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal((status, code, field), refused.Told);
    }

    [Fact]
    public async Task A_client_that_closes_at_once_is_answered_with_nothing()
    {
        using var call = server.Queues.StreamSend();
        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task A_message_as_large_as_a_call_may_be_goes_by_itself()
    {
        string queue = await server.CreateQueueAsync(new QueueDefinition { MaxMessageBytes = 16 * 1024 * 1024 });
        using var call = server.Queues.StreamSend();
        for (int i = 0; i < 4; i++)
            await call.RequestStream.WriteAsync(new StreamSendRequest { Queue = queue, Messages = { new OutgoingMessage { Body = ByteString.CopyFrom(new byte[16 * 1024 * 1024]) } } });
        await call.RequestStream.CompleteAsync();

        Assert.All(await ReadAsync(call), response => Assert.Null(response.Results.Single().Error));
        Assert.Equal(4, (await server.CountAsync(queue)).Ready);
    }

    [Fact]
    public async Task A_stream_whose_requests_find_no_place_is_refused_and_what_came_before_is_answered()
    {
        string queue = await server.CreateQueueAsync();
        using (new FullBudget(server.Budgets.Bodies))
        {
            // On the wire it is little, so that it counts only when it has gathered.
            using var call = server.Queues.StreamSend(new Metadata { { "grpc-internal-encoding-request", "gzip" } });
            await call.RequestStream.WriteAsync(new StreamSendRequest { Queue = queue, Messages = { GrpcServer.Text("small") } });
            await call.RequestStream.WriteAsync(new StreamSendRequest { Messages = { GrpcServer.Text(new string('x', 500_000)) } });

            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Null(call.ResponseStream.Current.Results.Single().Error);
            Refused refused = await Refused.ByAsync(call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal((StatusCode.ResourceExhausted, "overloaded", null), refused.Told);
            Assert.True(refused.RetryAfterSeconds > 0);
        }

        Assert.Equal(["small"], (await server.ReceiveAsync(queue)).Select(message => message.Body.ToStringUtf8()));
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    public async Task An_idle_stream_holds_nothing_of_what_it_has_sent(string encoding)
    {
        string queue = await server.CreateQueueAsync();
        using var call = server.Queues.StreamSend(new Metadata { { "grpc-internal-encoding-request", encoding } });

        for (int i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync(new StreamSendRequest { Queue = queue, Messages = { GrpcServer.Text(new string('x', 900_000)) } });
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            // When the server has looked for the next one.
            while (server.Budgets.Bodies.Taken != 0) await Task.Yield();
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(3, (await server.CountAsync(queue)).Ready);
    }

    private static OutgoingMessage Of(int number) => new() { Body = ByteString.CopyFromUtf8($"{number}"), Group = "g", DeduplicationId = $"{number}" };

    private static async Task<List<StreamSendResponse>> ReadAsync(AsyncDuplexStreamingCall<StreamSendRequest, StreamSendResponse> call)
    {
        var responses = new List<StreamSendResponse>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None)) responses.Add(call.ResponseStream.Current);
        return responses;
    }
}
