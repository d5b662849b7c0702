using Google.Protobuf;
using Grpc.Core;
using Messaging.Grpc.Tests.Topics;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Streams;

/// <summary>Requests of a stream that gather while a call of the broker is under way, and go into the next one together: so many at once that some do, whatever the machine does.</summary>
public sealed class GatheredRequestsTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    [Fact]
    public async Task Each_request_has_the_outcomes_of_its_own_messages_where_others_are_refused()
    {
        const int Count = 300;
        string queue = await server.CreateQueueAsync();
        // By turns none, one and two of the messages of a request are refused by the front, and so not given to the broker.
        StreamSendRequest Of(int number) => new()
        {
            Queue = queue,
            Messages = { OrRefused($"{number} a", isRefused: number % 3 > 0), OrRefused($"{number} b", isRefused: number % 3 > 1) },
        };

        List<StreamSendResponse> responses = await SendAsync(Enumerable.Range(0, Count).Select(Of));
        Dictionary<string, string> stored = (await BrowseAsync(queue)).ToDictionary(message => message.Id, message => message.Body.ToStringUtf8());

        string Told(SendResult result) => result.Error is { } error ? $"{error.Code} {error.Field}" : stored[result.Id];
        string Expected(int number, char place, bool isRefused) => isRefused ? $"invalidValue messages[{place - 'a'}].contentType" : $"{number} {place}";
        Assert.Equal(
            Enumerable.Range(0, Count).Select(number => (Expected(number, 'a', number % 3 > 0), Expected(number, 'b', number % 3 > 1))),
            responses.Select(response => (Told(response.Results[0]), Told(response.Results[1]))));
    }

    [Fact]
    public async Task No_more_gather_than_a_call_takes()
    {
        const int Count = 30, Each = 600;
        string queue = await server.CreateQueueAsync();
        var request = new StreamSendRequest { Queue = queue, Messages = { Enumerable.Repeat(GrpcServer.Text("x"), Each) } };

        List<StreamSendResponse> responses = await SendAsync(Enumerable.Repeat(request, Count));

        Assert.Equal(Enumerable.Repeat(Each, Count), responses.Select(response => response.Results.Count(result => result.Error is null)));
        Assert.Equal(Count * Each, (await server.CountAsync(queue)).Ready);
    }

    [Fact]
    public async Task A_producers_requests_that_stand_among_others_are_known_when_they_are_sent_again()
    {
        const int Count = 200;
        string topic = await server.CreateTopicAsync();
        RecordProducer producer = await server.InitProducerAsync();
        StreamPublishRequest Of(int number) => number % 2 == 0
            ? new() { Topic = topic, Records = { TopicSteps.Text("nobody's") } }
            : new() { Topic = topic, Producer = producer, Records = { TopicSteps.Text($"{number}", number / 2) } };

        List<StreamPublishResponse> first = await PublishAsync(Enumerable.Range(0, Count).Select(Of));
        List<StreamPublishResponse> again = await PublishAsync([Of(Count - 1)]);

        Assert.Equal(Enumerable.Range(0, Count).Select(number => (long)number), first.Select(response => response.Results.Single().Offset));
        Assert.Equal((Count - 1L, true), (again.Single().Results.Single().Offset, again.Single().Results.Single().Duplicate));
    }

    private static OutgoingMessage OrRefused(string body, bool isRefused) => new() { Body = ByteString.CopyFromUtf8(body), ContentType = isRefused ? "?" : "" };

    private async Task<List<StreamSendResponse>> SendAsync(IEnumerable<StreamSendRequest> requests)
    {
        using var call = server.Queues.StreamSend();
        return await AskAsync(call, requests);
    }

    private async Task<List<StreamPublishResponse>> PublishAsync(IEnumerable<StreamPublishRequest> requests)
    {
        using var call = server.Topics().StreamPublish();
        return await AskAsync(call, requests);
    }

    private static async Task<List<TResponse>> AskAsync<TRequest, TResponse>(AsyncDuplexStreamingCall<TRequest, TResponse> call, IEnumerable<TRequest> requests)
    {
        Task<List<TResponse>> responses = call.ResponseStream.ToListAsync();
        foreach (TRequest request in requests) await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        return await responses;
    }

    private async Task<IEnumerable<Message>> BrowseAsync(string queue) =>
        (await server.Queues.BrowseMessagesAsync(new BrowseMessagesRequest { Queue = queue, Page = new PageRequest { Size = 1_000 } })).Messages.Select(browsed => browsed.Message);
}
