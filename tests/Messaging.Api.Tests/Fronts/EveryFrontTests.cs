using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Fronts;

/// <summary>What is published by each front is received by every other, as it was published and as a notification.</summary>
public sealed class EveryFrontTests(RunningServer server) : IClassFixture<RunningServer>
{
    /// <summary>What all rows send and all columns expect, in this order.</summary>
    private static readonly FrontMessage[] Messages =
    [
        FrontMessage.Of("plain"), FrontMessage.Of("""{"amount": 7, "of": "ü 😀"}""", "customer", "order"), FrontMessage.Of("<&>\n\t", "customer"), FrontMessage.Of("last", null, "note"),
    ];

    public static TheoryData<string, string> Pairs()
    {
        var pairs = new TheoryData<string, string>();
        foreach (string publisher in Publishers.All.Keys)
        {
            foreach (string receiver in Receivers.All.Keys) pairs.Add(publisher, receiver);
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_one_front_publishes_another_receives_as_it_was_and_in_order(string publisher, string receiver)
    {
        (string topic, string raw, _) = await SubscribeAsync();
        await Publishers.All[publisher](server, topic, Messages);

        Assert.Equal(Messages, (await Receivers.All[receiver](server, raw, 30)).Select(received => received.Message));
        Assert.Empty(await Receivers.All[receiver](server, raw, 30));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_one_front_publishes_another_receives_as_notifications(string publisher, string receiver)
    {
        (string topic, _, string enveloped) = await SubscribeAsync();
        await Publishers.All[publisher](server, topic, Messages);

        (string Id, FrontMessage Message)[] received = await Receivers.All[receiver](server, enveloped, 30);
        Assert.Equal(Messages.Select(message => (message.Body, message.Attributes)), received.Select(message => Unwrapped(message.Message.Body, topic)));
        Assert.All(received, message => Assert.Equal("", message.Message.Attributes));
        Assert.Equal(Messages.Length, received.Select(message => JsonNode.Parse(message.Message.Body)!["MessageId"]!.GetValue<string>()).Distinct().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_is_the_same_on_every_front(bool isEnveloped)
    {
        (string topic, string raw, string enveloped) = await SubscribeAsync();
        await Publishers.All["REST, JSON"](server, topic, Messages);

        var seen = new List<(string Id, FrontMessage Message)[]>();
        foreach (Receivers.Receive receive in Receivers.All.Values) seen.Add(await receive(server, isEnveloped ? enveloped : raw, 0));

        Assert.Equal(Messages.Length, seen[0].Select(message => message.Id).Distinct().Count());
        Assert.All(seen, messages => Assert.Equal(seen[0].OrderBy(message => message.Id), messages.OrderBy(message => message.Id)));
    }

    private async Task<(string Topic, string Raw, string Enveloped)> SubscribeAsync()
    {
        string topic = await server.CreateTopicAsync();
        string raw = (await server.CreateQueueAsync())["/v1/queues/".Length..], enveloped = (await server.CreateQueueAsync())["/v1/queues/".Length..];
        Assert.Equal(201, (await server.CallAsync("PUT", topic + "/subscriptions/raw", $$$"""{"target":{"queue":"{{{raw}}}"}}""")).Status);
        Assert.Equal(201, (await server.CallAsync("PUT", topic + "/subscriptions/enveloped", $$$"""{"target":{"queue":"{{{enveloped}}}"},"raw":false}""")).Status);
        return (topic, raw, enveloped);
    }

    // Of a notification of that topic.
    private static (string Body, string Attributes) Unwrapped(string notification, string topic)
    {
        JsonNode json = JsonNode.Parse(notification)!;
        Assert.Equal("Notification", json["Type"]!.GetValue<string>());
        Assert.EndsWith(topic.Replace("/v1/topics/", ":", StringComparison.Ordinal), json["TopicArn"]!.GetValue<string>(), StringComparison.Ordinal);
        IEnumerable<KeyValuePair<string, JsonNode?>> attributes = json["MessageAttributes"]?.AsObject() ?? [];
        return (json["Message"]!.GetValue<string>(), FrontMessage.Told(attributes.Select(attribute => (attribute.Key, attribute.Value!["Type"]!.GetValue<string>().ToLowerInvariant(), attribute.Value["Value"]!.GetValue<string>()))));
    }
}
