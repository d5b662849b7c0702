using System.Text.Json.Nodes;
using Messaging.Grpc.Tests.Conformance.Queues;

namespace Messaging.Grpc.Tests.Conformance.Subscriptions;

/// <summary>What is published in each way that there is, is received in every other, as it was published and as a notification.</summary>
public sealed class FanOutConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    /// <summary>What all rows send and all columns expect, in this order.</summary>
    private static readonly FrontSend[] Messages = [new("plain"), new("""{"amount": 7, "of": "ü 😀"}""", "customer", Kind: "order"), new("<&>\n\t", "customer"), new("last", Kind: "note")];

    private readonly Publishers _publishers = new(fronts);
    private readonly Receivers _receivers = new(fronts);
    private readonly GrpcQueueFront _queues = new(fronts.Server.Channel);
    private readonly GrpcSubscriptionFront _subscriptions = new(fronts.Server.Channel);

    public static TheoryData<string, string> Ways()
    {
        var ways = new TheoryData<string, string>();
        foreach (string publisher in Publishers.Names)
        {
            foreach (string receiver in Receivers.Names) ways.Add(publisher, receiver);
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_one_publishes_another_receives_as_it_was_and_in_order(string publisher, string receiver)
    {
        (string topic, string queue) = await SubscribeAsync(isRaw: true);
        Assert.All(await _publishers.PublishAsync(publisher, topic, Messages), outcome => Assert.Equal("", outcome));

        Assert.Equal(Messages, (await _receivers.ReceiveAsync(receiver, queue, 30)).Select(received => received.Sent));
        Assert.Empty(await _receivers.ReceiveAsync(receiver, queue, 30));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_one_publishes_another_receives_as_notifications(string publisher, string receiver)
    {
        (string topic, string queue) = await SubscribeAsync(isRaw: false);
        Assert.All(await _publishers.PublishAsync(publisher, topic, Messages), outcome => Assert.Equal("", outcome));

        FrontDelivery[] received = await _receivers.ReceiveAsync(receiver, queue, 30);
        JsonNode[] notifications = [.. received.Select(message => JsonNode.Parse(message.Body)!)];
        Assert.Equal(Messages.Select(message => (message.Body, message.Kind)), notifications.Select(one => (TextOf(one, "Message"), one["MessageAttributes"]?["kind"]?["Value"]?.GetValue<string>())));
        Assert.All(notifications, one => Assert.Equal(("Notification", fronts.AwsCalls.TopicArn(topic)), (TextOf(one, "Type"), TextOf(one, "TopicArn"))));
        Assert.All(received, message => Assert.Null(message.Kind));
        Assert.Equal(Messages.Length, notifications.Select(one => TextOf(one, "MessageId")).Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_is_the_same_on_every_front(bool isRaw)
    {
        (string topic, string queue) = await SubscribeAsync(isRaw);
        await _publishers.PublishAsync(Fronts.Rest, topic, Messages);

        // A lease of no time: each receives all of them again.
        var seen = new List<IEnumerable<(string Id, FrontSend Sent)>>();
        foreach (string receiver in Receivers.Names) seen.Add((await _receivers.ReceiveAsync(receiver, queue, 0)).Select(message => (message.Id, message.Sent)).OrderBy(message => message.Id).ToArray());

        Assert.Equal(Messages.Length, seen[0].Select(message => message.Id).Distinct().Count());
        Assert.All(seen, messages => Assert.Equal(seen[0], messages));
    }

    private async Task<(string Topic, string Queue)> SubscribeAsync(bool isRaw)
    {
        string topic = GrpcServer.NewName(), queue = GrpcServer.NewName();
        Assert.Equal("", await _queues.CreateQueueAsync(queue, new QueueTerms()));
        Assert.Equal("", await _subscriptions.CreateTopicAsync(topic));
        Assert.Equal("", await _subscriptions.SubscribeAsync(topic, queue, new SubscriptionTerms(isRaw)));
        return (topic, queue);
    }

    private static string TextOf(JsonNode notification, string name) => notification[name]!.GetValue<string>();
}
