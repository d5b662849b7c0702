using Google.Protobuf;
using Grpc.Net.Client;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>Answers that are too small to take a place in the bound of large ones, and that nobody reads: a thousand on each connection, whose calls have ended.</summary>
public sealed class UnreadAnswersTests
{
    private const int MiB = 1024 * 1024;
    private const int StreamsMax = 1_000;
    private const int AnswerBytes = 60_000;
    private const string Cut = "hold too much memory";

    // An eighth of it is for what streams hold: 700 of these answers.
    private const long HeapBytes = 320 * MiB;

    [Theory]
    [InlineData("/messaging.v1.QueueService/BrowseMessages", true, 8)]
    [InlineData("/v1/queues/q/messages", false, 8)]
    // Of these a thousand are open at once, on all connections.
    [InlineData("/messaging.v1.TopicService/StreamFetch", true, 1)]
    public async Task Small_answers_that_nobody_reads_are_bounded_all_together(string path, bool isGrpc, int connections)
    {
        await using var server = await GrpcProcess.StartAsync(HeapBytes);
        using GrpcChannel channel = server.Connect();
        await FillAsync(channel);
        byte[]? request = !isGrpc ? null
            : path.EndsWith("Fetch", StringComparison.Ordinal) ? new StreamFetchRequest { Topic = "t", Offset = 0 }.ToByteArray() : new BrowseMessagesRequest { Queue = "q" }.ToByteArray();

        // Eight of them are more than all of its memory.
        for (int i = 0; i < connections; i++)
        {
            await using UnreadConnection connection = await UnreadConnection.OpenAsync(server.Address);
            for (int call = 0; call < StreamsMax; call++) await connection.CallAsync(path, request);
            await connection.EndedAsync();
            Assert.Equal(AnswerBytes, (await new QueueService.QueueServiceClient(channel).BrowseMessagesAsync(new BrowseMessagesRequest { Queue = "q" })).Messages.Single().Message.Body.Length);
        }

        Assert.Equal(connections, server.Output.Split(Cut).Length - 1);
        Assert.False(server.Output.Contains("fail:", StringComparison.Ordinal), server.Output);
    }

    [Theory]
    [InlineData("/messaging.v1.QueueService/BrowseMessages", true)]
    [InlineData("/v1/queues/q/messages", false)]
    public async Task A_client_that_lets_nothing_out_and_says_nothing_is_cut_by_the_least_rate_of_answers(string path, bool isGrpc)
    {
        await using var server = await GrpcProcess.StartAsync();
        using GrpcChannel channel = server.Connect();
        await FillAsync(channel);
        await using UnreadConnection connection = await UnreadConnection.OpenAsync(server.Address, pings: false);
        await connection.CallAsync(path, isGrpc ? new BrowseMessagesRequest { Queue = "q" }.ToByteArray() : null);

        await connection.EndedAsync();

        Assert.DoesNotContain(Cut, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_as_many_are_held_until_their_client_leaves_and_a_document_is_written_in_pieces()
    {
        await using var server = await GrpcProcess.StartAsync(HeapBytes);
        await using UnreadConnection connection = await UnreadConnection.OpenAsync(server.Address);
        for (int call = 0; call < StreamsMax / 2; call++) await connection.CallAsync("/openapi.yaml");

        await connection.AnsweredAsync(StreamsMax / 2);

        Assert.False(connection.HasEnded, server.Output);
        Assert.DoesNotContain(Cut, server.Output, StringComparison.Ordinal);
    }

    private static async Task FillAsync(GrpcChannel channel)
    {
        string body = new('x', AnswerBytes);
        var queues = new QueueService.QueueServiceClient(channel);
        await queues.PutQueueAsync(new PutQueueRequest { Queue = "q" });
        await queues.SendMessagesAsync(new SendMessagesRequest { Queue = "q", Messages = { GrpcServer.Text(body) } });
        var topics = new TopicService.TopicServiceClient(channel);
        await topics.PutTopicAsync(new PutTopicRequest { Topic = "t" });
        await topics.PublishRecordsAsync(new PublishRecordsRequest { Topic = "t", Records = { new OutgoingRecord { Body = ByteString.CopyFromUtf8(body) } } });
    }
}
