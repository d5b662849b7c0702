using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Messaging.Broker.Filters;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Subscriptions;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.FanOut;

/// <summary>Copies that queues show as the notifications of Amazon SNS.</summary>
public sealed class NotificationTests
{
    private static readonly OutgoingRecord Whole = new()
    {
        Value = TopicCalls.Bytes("the message"),
        Subject = "the subject",
        Attributes = [new MessageAttribute("size", AttributeKind.Number, null, "7"u8.ToArray()), new MessageAttribute("raw", AttributeKind.Binary, null, new byte[] { 0xFF })],
    };

    [Fact]
    public async Task An_enveloped_copy_is_a_signed_notification_and_a_raw_one_the_message()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey raw = await harness.Create("raw"), enveloped = await harness.Create("enveloped");
        await harness.Subscribe("raw", SubscriptionCalls.To("raw"));
        await harness.Subscribe("enveloped", SubscriptionCalls.To("enveloped") with { Raw = false });
        await harness.Publish(topic, Whole);

        ReceivedMessage plain = Assert.Single(await harness.ReceiveWhole(raw));
        Assert.Equal("the message", BrokerHarness.Text(plain));
        Assert.Equal([("size", AttributeKind.Number, "7"), ("raw", AttributeKind.Binary, "\u00FF")], plain.Attributes.Select(a => (a.Name, a.Kind, Encoding.Latin1.GetString(a.Value.Span))));

        ReceivedMessage copy = Assert.Single(await harness.ReceiveWhole(enveloped));
        Assert.Empty(copy.Attributes);
        using JsonDocument notification = JsonDocument.Parse(copy.Body);
        JsonElement root = notification.RootElement;
        Assert.Equal("Notification", root.GetProperty("Type").GetString());
        Assert.Equal(plain.PublishedId.ToString(), root.GetProperty("MessageId").GetString());
        Assert.Equal("arn:aws:sns:us-east-1:000000000000:t", root.GetProperty("TopicArn").GetString());
        Assert.Equal("the subject", root.GetProperty("Subject").GetString());
        Assert.Equal("the message", root.GetProperty("Message").GetString());
        Assert.Equal("Number", root.GetProperty("MessageAttributes").GetProperty("size").GetProperty("Type").GetString());
        Assert.StartsWith("http://127.0.0.1:8080/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-east-1:000000000000:t:", root.GetProperty("UnsubscribeURL").GetString());
        AssertSigned(harness, root);
    }

    [Fact]
    public async Task A_dead_letter_is_the_notification_and_beside_it_why()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey dead = await harness.Create("dead"), queue = await harness.Create("q");
        await harness.Subscribe("s", SubscriptionCalls.To("q") with { Raw = false, DeadLetter = dead.Name });
        Assert.True((await harness.Broker.Queues.DeleteAsync(queue, default)).IsOk);
        MessageAttribute own = new("ErrorCode", AttributeKind.String, null, "mine"u8.ToArray());
        await harness.Publish(topic, Whole with { Attributes = [own] });

        ReceivedMessage letter = Assert.Single(await harness.ReceiveWhole(dead));

        Assert.Equal(["ErrorCode", "ErrorMessage"], letter.Attributes.Select(attribute => attribute.Name));
        using JsonDocument notification = JsonDocument.Parse(letter.Body);
        Assert.Equal("mine", Assert.Single(notification.RootElement.GetProperty("MessageAttributes").EnumerateObject()).Value.GetProperty("Value").GetString());
        AssertSigned(harness, notification.RootElement);
    }

    [Fact]
    public async Task A_raw_dead_letter_has_each_name_once()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey dead = await harness.Create("dead"), queue = await harness.Create("q");
        await harness.Subscribe("s", SubscriptionCalls.To("q") with { DeadLetter = dead.Name });
        Assert.True((await harness.Broker.Queues.DeleteAsync(queue, default)).IsOk);
        MessageAttribute own = new("ErrorCode", AttributeKind.String, null, "mine"u8.ToArray());
        await harness.Publish(topic, Whole with { Attributes = [own, own with { Name = "a" }] });

        ReceivedMessage letter = Assert.Single(await harness.ReceiveWhole(dead));

        Assert.Equal(["a", "ErrorCode", "ErrorMessage"], letter.Attributes.Select(attribute => attribute.Name));
        Assert.NotEqual("mine", Encoding.UTF8.GetString(letter.Attributes[1].Value.Span));
    }

    [Fact]
    public async Task A_notification_says_the_same_after_a_restart_and_in_a_dead_letter_queue()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey dead = await harness.Create("dead");
        QueueKey queue = await harness.Create("q", new Broker.Queues.QueueDefinition { DeadLetter = new Broker.Queues.DeadLetterDefinition { Queue = dead.Name, MaxReceives = 1 } });
        await harness.Subscribe("s", SubscriptionCalls.To("q") with { Raw = false });
        await harness.Publish(topic, Whole);
        string before = BrokerHarness.Text(Assert.Single(await harness.ReceiveWhole(queue)));
        await harness.Restart();
        harness.Advance(31);
        await harness.Broker.MoveAsync();
        harness.Kill();

        // It names the subscription of the queue that it is in, and there is none.
        string after = BrokerHarness.Text(Assert.Single(await harness.ReceiveWhole(dead)));
        Assert.Equal(WithoutLink(before), WithoutLink(after));
    }

    [Fact]
    public async Task A_structured_message_has_a_text_for_queues()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey[] queues = await harness.SubscribeQueues(1);
        await harness.Subscribe("e", SubscriptionCalls.To((await harness.Create("e")).Name.Value) with { Raw = false });
        await harness.Publish(topic, Structured("""{"default":"for all","sqs":"for queues"}"""), Structured("""{"default":"for all","http":"for endpoints"}"""));
        PublishOutcome[] refused = await harness.Publish(topic, Structured("""{"sqs":"for queues"}"""), Structured("""{"default":7}"""), Structured("text"));

        Assert.Equal(["for queues", "for all"], (await harness.Receive(queues[0])).Select(message => message.Body));
        Assert.Equal(["for queues", "for all"], (await harness.Receive(BrokerHarness.Key("e"))).Select(message => MessageOf(message.Body)));
        Assert.All(refused, outcome => Assert.Equal(ErrorCode.InvalidValue, outcome.Error?.Code));
    }

    [Fact]
    public async Task Filters_know_the_types_of_attributes()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = await harness.Create();
        await harness.Subscribe("s", SubscriptionCalls.To("q") with { Filter = new SubscriptionFilter(FilterScope.Attributes, """{"size":[{"numeric":[">",5]}],"tags":["b"]}""") });
        await harness.Publish(topic, Tagged("6", """["a","b"]"""), Tagged("5", """["a","b"]"""), Tagged("6", """["a"]"""));

        Assert.Equal(["6"], (await harness.Receive(queue)).Select(message => message.Body));
    }

    private static OutgoingRecord Tagged(string size, string tags) => new()
    {
        Value = TopicCalls.Bytes(size),
        Attributes = [new MessageAttribute("size", AttributeKind.Number, null, Encoding.UTF8.GetBytes(size)), new MessageAttribute("tags", AttributeKind.String, "Array", Encoding.UTF8.GetBytes(tags))],
    };

    private static OutgoingRecord Structured(string json) => new() { Value = TopicCalls.Bytes(json), IsStructured = true };

    private static string? MessageOf(string notification)
    {
        using JsonDocument document = JsonDocument.Parse(notification);
        return document.RootElement.GetProperty("Message").GetString();
    }

    private static string WithoutLink(string notification) => string.Join('\n', notification.Split('\n').Where(line => !line.Contains("UnsubscribeURL", StringComparison.Ordinal)));

    // As clients do: by the fields, and with the certificate.
    private static void AssertSigned(BrokerHarness harness, JsonElement root)
    {
        string canonical = string.Concat(new[] { "Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type" }.Select(name => $"{name}\n{root.GetProperty(name).GetString()}\n"));
        Assert.EndsWith("/" + harness.Broker.NotificationSigner!.CertificateFileName, root.GetProperty("SigningCertURL").GetString());
        using var certificate = X509Certificate2.CreateFromPem(harness.Broker.NotificationSigner.CertificatePem);
        using RSA key = certificate.GetRSAPublicKey()!;
        Assert.True(key.VerifyData(Encoding.UTF8.GetBytes(canonical), Convert.FromBase64String(root.GetProperty("Signature").GetString()!), HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1));
    }
}
