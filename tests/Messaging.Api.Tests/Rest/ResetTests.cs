using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

public sealed class ResetTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_reset_deletes_all_queues_and_topics_and_tells_how_many()
    {
        await CallAsync(null);
        string queue = await server.CreateQueueAsync();
        string receipt = await server.SendAndReceiveAsync(queue);
        Assert.Equal(201, (await server.CallAsync("PUT", queue, "{}", ("Messaging-Namespace", "blue"))).Status);
        Assert.Equal(201, (await server.CallAsync("PUT", "/v1/topics/t", "{}", ("Messaging-Namespace", "blue"))).Status);
        Assert.Equal((200, """{"queues":2,"topics":1,"subscriptions":0}"""), await CallAsync(null));
        Assert.Equal((404, "queueNotFound"), Of(await server.CallAsync("GET", queue)));
        Assert.Equal(201, (await server.CallAsync("PUT", queue, "{}")).Status);
        Assert.Equal((400, "receiptOfAnotherQueue"), Of(await server.CallAsync("POST", queue + "/acknowledge", $$"""{"receipts":["{{receipt}}"]}""")));
        Assert.Equal((200, """{"queues":1,"topics":0,"subscriptions":0}"""), await CallAsync("{}"));
        Assert.Equal((200, """{"queues":0,"topics":0,"subscriptions":0}"""), await CallAsync(null));

        async Task<(int, string)> CallAsync(string? body)
        {
            Answer answer = await server.CallAsync("POST", "/v1/reset", body);
            return (answer.Status, answer.Body);
        }

        static (int, string?) Of(Answer answer) => (answer.Status, answer.Problem.Code);
    }

    [Fact]
    public async Task What_is_said_of_it_that_can_not_be_said_is_refused_and_nothing_is_deleted()
    {
        string queue = await server.CreateQueueAsync();
        Assert.Equal((400, "unknownField", "queues"), (await server.CallAsync("POST", "/v1/reset", """{"queues":[]}""")).Problem);
        Assert.Equal((400, "invalidValue", "Messaging-Namespace"), (await server.CallAsync("POST", "/v1/reset", "{}", ("Messaging-Namespace", "blue"))).Problem);
        Assert.Equal((400, "notSupported", "Idempotency-Key"), (await server.CallAsync("POST", "/v1/reset", "{}", ("Idempotency-Key", "k"))).Problem);
        Assert.Equal((403, "forbiddenOrigin", "Origin"), (await server.CallAsync("POST", "/v1/reset", "{}", ("Origin", "http://evil.example"))).Problem);
        Assert.Equal(405, (await server.CallAsync("GET", "/v1/reset")).Status);
        Assert.Equal(200, (await server.CallAsync("GET", queue)).Status);
    }
}
