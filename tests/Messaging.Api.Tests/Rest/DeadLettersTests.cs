using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

public sealed class DeadLettersTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_message_that_is_received_too_often_is_in_the_dead_letter_queue_and_says_so()
    {
        (string queue, string dead) = await CreateAsync(maxReceives: 2);
        string id = await SendAsync(queue);
        for (int count = 1; count <= 2; count++)
        {
            JsonNode received = (await server.CallAsync("POST", queue + "/receive", """{"leaseSeconds":0}""")).Json["messages"]![0]!;
            Assert.Equal((count, null), (received["receiveCount"]!.GetValue<int>(), received["origin"]));
        }

        Assert.Empty((await server.CallAsync("POST", queue + "/receive", "{}")).Json["messages"]!.AsArray());
        JsonNode looked = await FollowedAsync(queue, id);
        Assert.Equal((Name(dead), "maxReceives"), (looked["queue"]!.GetValue<string>(), looked["origin"]!["reason"]!.GetValue<string>()));
        Assert.Equal("maxReceives", (await server.CallAsync("GET", dead + "/messages")).Json["messages"]![0]!["origin"]!["reason"]!.GetValue<string>());
        JsonNode moved = (await server.CallAsync("POST", dead + "/receive", """{"waitSeconds":20}""")).Json["messages"]![0]!;
        Assert.Equal((id, "x", 1), (moved["id"]!.GetValue<string>(), moved["body"]!.GetValue<string>(), moved["receiveCount"]!.GetValue<int>()));
        JsonNode origin = moved["origin"]!;
        Assert.Equal((id, Name(queue), "default"), (origin["id"]!.GetValue<string>(), origin["queue"]!.GetValue<string>(), origin["namespace"]!.GetValue<string>()));
        Assert.Equal(("maxReceives", 2), (origin["reason"]!.GetValue<string>(), origin["receiveCount"]!.GetValue<int>()));
        Assert.Equal(moved["sentAt"]!.GetValue<string>(), origin["sentAt"]!.GetValue<string>());
        Assert.Equal((0, 0, 0), await server.CountsAsync(queue));
    }

    [Fact]
    public async Task A_rejected_message_moves_at_once_with_its_reason()
    {
        (string queue, string dead) = await CreateAsync(maxReceives: 9);
        string receipt = await server.SendAndReceiveAsync(queue);
        Answer mixed = await server.CallAsync("POST", queue + "/reject", $$"""{"entries":[{"receipt":"{{receipt}}","reason":"no \"such\" ö"},{"receipt":"{{receipt}}"},{"receipt":"x"}]}""");
        Assert.Equal(207, mixed.Status);
        Assert.Equal([null, "messageGone", "receiptInvalid"], mixed.Json["results"]!.AsArray().Select(result => result!["error"]?["code"]!.GetValue<string>()));
        JsonNode origin = (await server.CallAsync("POST", dead + "/receive", "{}")).Json["messages"]![0]!["origin"]!;
        Assert.Equal(("rejected", "no \"such\" ö", 1), (origin["reason"]!.GetValue<string>(), origin["detail"]!.GetValue<string>(), origin["receiveCount"]!.GetValue<int>()));
        Assert.Equal((404, "messageGone", "entries[0].receipt"), (await server.CallAsync("POST", queue + "/reject", $$"""{"entries":[{"receipt":"{{receipt}}"}]}""")).Problem);
    }

    [Fact]
    public async Task Without_a_dead_letter_queue_nothing_is_rejected()
    {
        string queue = await server.CreateQueueAsync();
        string receipt = await server.SendAndReceiveAsync(queue);
        Assert.Equal((409, "noDeadLetterQueue", null), (await server.CallAsync("POST", queue + "/reject", $$"""{"entries":[{"receipt":"{{receipt}}"}]}""")).Problem);
        Assert.Equal((0, 1, 0), await server.CountsAsync(queue));
    }

    [Fact]
    public async Task Definitions_that_contradict_each_other_are_refused()
    {
        (string queue, string dead) = await CreateAsync(maxReceives: 1);
        Assert.Equal((409, "queueInUse", null), (await server.CallAsync("DELETE", dead)).Problem);
        Assert.Equal((409, "deadLetterInvalid", "deadLetter.queue"), (await server.CallAsync("PUT", dead, To(queue, 1))).Problem);
        Assert.Equal((409, "deadLetterInvalid", "deadLetter.queue"), (await server.CallAsync("PUT", dead, To(dead, 1))).Problem);
        Assert.Equal((409, "deadLetterInvalid", "deadLetter.queue"), (await server.CallAsync("PATCH", queue, """{"deadLetter":{"queue":"nobody"}}""")).Problem);
        Assert.Equal(200, (await server.CallAsync("PATCH", queue, """{"deadLetter":{"maxReceives":1000}}""")).Status);
        Assert.Equal(200, (await server.CallAsync("PATCH", queue, """{"deadLetter":null}""")).Status);
        Assert.Equal(204, (await server.CallAsync("DELETE", dead)).Status);
    }

    private static string Name(string path) => path.Split('/')[^1];

    private static string To(string path, int maxReceives) => $$"""{"deadLetter":{"queue":"{{Name(path)}}","maxReceives":{{maxReceives}} } }""";

    // Where it was sent to, until it is found elsewhere: the mover comes behind the receive.
    private async Task<JsonNode> FollowedAsync(string queue, string id)
    {
        while (true)
        {
            JsonNode looked = (await server.CallAsync("GET", $"{queue}/messages/{id}")).Json;
            if (looked["queue"] is not null)
                return looked;
        }
    }

    private async Task<(string Queue, string Dead)> CreateAsync(int maxReceives)
    {
        string dead = await server.CreateQueueAsync();
        return (await server.CreateQueueAsync(To(dead, maxReceives)), dead);
    }

    private async Task<string> SendAsync(string queue) =>
        (await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"x"}]}""")).Json["results"]![0]!["id"]!.GetValue<string>();
}
