using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace Messaging.Api.Tests.Rest;

/// <summary>Subscriptions that are pushed, over REST.</summary>
public sealed class DeliveriesTests : IAsyncLifetime
{
    private readonly RunningServer _server = new("--Messaging:Push:AllowPrivateNetworks=true", "--Messaging:PublicUrl=https://messaging.example.com");

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_endpoint_confirms_by_its_token_and_gets_what_is_published()
    {
        await using PushedEndpoint endpoint = await PushedEndpoint.StartAsync();
        string topic = await _server.CreateTopicAsync(), path = topic + "/subscriptions/s";
        Answer put = await _server.CallAsync("PUT", path, $$$"""{"target":{"url":"{{{endpoint.Url}}}"}}""");
        Assert.Equal((201, true), (put.Status, (bool?)put.Json["pending"]));
        await endpoint.UntilAsync(bodies => bodies.Count == 1);
        JsonNode question = JsonNode.Parse(endpoint.Bodies.First())!;
        Assert.StartsWith("https://messaging.example.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-east-1:", (string?)question["SubscribeURL"], StringComparison.Ordinal);

        Assert.Equal((400, "invalidValue", "token"), (await _server.CallAsync("POST", path + "/confirm", """{"token":"x"}""")).Problem);
        Assert.Equal((400, "missingField", "token"), (await _server.CallAsync("POST", path + "/confirm", "{}")).Problem);
        Assert.Equal((404, "subscriptionNotFound", null), (await _server.CallAsync("POST", topic + "/subscriptions/other/confirm", $$"""{"token":"{{question["Token"]}}"}""")).Problem);
        Answer confirmed = await _server.CallAsync("POST", path + "/confirm", $$"""{"token":"{{question["Token"]}}"}""");
        Assert.Equal((200, null), (confirmed.Status, confirmed.Json["pending"]));
        await PublishAsync(topic, "hello");

        await endpoint.UntilAsync(bodies => bodies.Count == 2);
        Assert.Equal("hello", endpoint.Bodies.Last());
        JsonNode report = await UntilDoneAsync(path);
        Assert.Equal((0, 2, 0), ((int)report["waiting"]!, (int)report["delivered"]!, (int)report["failed"]!));
        Assert.Equal(("delivered", 200, 1), ((string?)report["deliveries"]![0]!["outcome"], (int)report["deliveries"]![0]!["status"]!, (int)report["deliveries"]![0]!["attempt"]!));
        Assert.Equal((404, "subscriptionNotFound", null), (await _server.CallAsync("GET", topic + "/subscriptions/other/deliveries")).Problem);
    }

    [Theory]
    [InlineData("orders.eu")]
    [InlineData("grüße & more:%")]
    public async Task The_links_of_a_topic_with_any_name_confirm_and_end_its_subscription(string name)
    {
        await using PushedEndpoint endpoint = await PushedEndpoint.StartAsync();
        string topic = "/v1/topics/" + Uri.EscapeDataString(name), path = topic + "/subscriptions/s";
        Assert.Equal(201, (await _server.CallAsync("PUT", topic, "{}")).Status);
        Assert.Equal(201, (await _server.CallAsync("PUT", path, $$$"""{"target":{"url":"{{{endpoint.Url}}}"},"raw":false}""")).Status);
        await endpoint.UntilAsync(bodies => bodies.Count == 1);

        string confirm = (string)JsonNode.Parse(endpoint.Bodies.First())!["SubscribeURL"]!;
        Assert.Equal(200, (await _server.CallAsync("GET", new Uri(confirm).PathAndQuery)).Status);
        await PublishAsync(topic, "hello");
        await endpoint.UntilAsync(bodies => bodies.Count == 2);
        string end = (string)JsonNode.Parse(endpoint.Bodies.Last())!["UnsubscribeURL"]!;
        Assert.Equal(200, (await _server.CallAsync("GET", new Uri(end).PathAndQuery)).Status);

        Assert.Equal((404, "subscriptionNotFound", null), (await _server.CallAsync("GET", path)).Problem);
        await endpoint.UntilAsync(bodies => bodies.Count == 3);
        JsonNode farewell = JsonNode.Parse(endpoint.Bodies.Last())!;
        Assert.Equal("UnsubscribeConfirmation", (string?)farewell["Type"]);
        Assert.Equal(200, (await _server.CallAsync("GET", new Uri((string)farewell["SubscribeURL"]!).PathAndQuery)).Status);
        Answer back = await _server.CallAsync("GET", path);
        Assert.Equal((200, null), (back.Status, back.Json["pending"]));
    }

    [Fact]
    public async Task What_an_endpoint_does_not_want_is_in_the_dead_letter_queue_and_in_the_report()
    {
        await using PushedEndpoint endpoint = await PushedEndpoint.StartAsync(StatusCodes.Status403Forbidden);
        string topic = await _server.CreateTopicAsync(), path = topic + "/subscriptions/s", dead = await _server.CreateQueueAsync();
        string name = dead.Split('/')[^1];
        Answer put = await _server.CallAsync(
            "PUT", path, $$$"""{"target":{"url":"{{{endpoint.Url}}}"},"deliveryPolicy":{"throttlePolicy":{"maxReceivesPerSecond":100} },"deadLetter":{"queue":"{{{name}}}"},"confirmed":true}""");
        Assert.Equal((201, 100), (put.Status, (int)put.Json["deliveryPolicy"]!["throttlePolicy"]!["maxReceivesPerSecond"]!));

        await PublishAsync(topic, "unwanted");

        JsonNode report = await UntilDoneAsync(path);
        Assert.Equal((1, 0, "givenUp", "status"), ((int)report["deadLettered"]!, (int)report["dropped"]!, (string?)report["deliveries"]![0]!["outcome"], (string?)report["deliveries"]![0]!["fault"]));
        JsonNode message = (await _server.CallAsync("POST", dead + "/receive", """{"waitSeconds":5}""")).Json["messages"]![0]!;
        Assert.Equal(("unwanted", "403"), ((string?)message["body"], (string?)message["attributes"]!["ErrorCode"]!["value"]));
    }

    [Fact]
    public async Task A_delivery_queue_is_in_no_list_and_in_no_document_of_definitions()
    {
        string topic = await _server.CreateTopicAsync();
        Answer put = await _server.CallAsync("PUT", topic + "/subscriptions/s", """{"target":{"gateway":"sms","endpoint":"+4930123456"}}""");
        Assert.Equal((201, null), (put.Status, put.Json["pending"]));

        Assert.Empty((await _server.CallAsync("GET", "/v1/queues")).Json["queues"]!.AsArray());
        JsonNode definitions = (await _server.CallAsync("GET", "/v1/definitions")).Json;
        Assert.Empty(definitions["queues"]!.AsArray());
        Assert.Equal("""{"gateway":"sms","endpoint":"+4930123456"}""", definitions["subscriptions"]![0]!["target"]!.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal));
    }

    private async Task PublishAsync(string topic, string value) =>
        Assert.Equal(200, (await _server.CallAsync("POST", topic + "/records", $$"""{"records":[{"body":"{{value}}"}]}""")).Status);

    private async Task<JsonNode> UntilDoneAsync(string path)
    {
        for (int i = 0; ; i++)
        {
            Answer answer = await _server.CallAsync("GET", path + "/deliveries");
            Assert.Equal(200, answer.Status);
            if ((int)answer.Json["waiting"]! == 0) return answer.Json;
            Assert.True(i < 1_000, answer.Body);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, default);
        }
    }
}
