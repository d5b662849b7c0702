using System.Text;
using Messaging.Broker.Access;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Storage;
using Messaging.TestKit;

namespace Messaging.Broker.Tests.Golden;

/// <summary>Queues with something of everything: what a folder of this version can hold. The same each time.</summary>
internal static class SampleQueues
{
    public static readonly DateTimeOffset Written = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When the tests look at it: some leases and delays have ended meanwhile, others run for years.</summary>
    public static readonly DateTimeOffset Read = Written.AddHours(1);

    private static readonly QueueKey Orders = BrokerHarness.Key("orders");
    private static readonly QueueKey Late = BrokerHarness.Key("late/größer");
    private static readonly QueueKey Blue = BrokerHarness.Key("orders", "blue");
    private static readonly QueueKey Gone = BrokerHarness.Key("gone");
    private static readonly QueueKey Empty = BrokerHarness.Key("empty");

    /// <summary>Returns receipts that clients hold, each with the queue that it is shown to.</summary>
    public static IReadOnlyList<(QueueKey Key, string Receipt)> Fill(SampleBroker broker)
    {
        var receipts = new List<(QueueKey, string)>();
        broker.Put(Orders, new QueueDefinition
        {
            LeaseSeconds = 40_000,
            RetentionSeconds = 31_536_000,
            ReceiveWaitSeconds = 7,
            MaxMessageBytes = 2_048,
            Tags = new Dictionary<string, string> { ["team"] = "billing", ["größe"] = "" },
        });
        broker.Put(Late, new QueueDefinition { DelaySeconds = 30 });
        broker.Put(Blue, new QueueDefinition { LeaseSeconds = 0 });
        broker.Put(Gone, new QueueDefinition());
        broker.Put(Empty, new QueueDefinition());
        broker.Send(Orders, [.. Enumerable.Range(0, 12).Select(number => Message($"order {number}"))]);
        broker.Send(Orders, Rich(), Message("a year later", 31_536_000_000), Message("a minute later", 60_000));
        broker.Send(Late, Message("by the queue's delay"), Message("at once", 0));
        broker.Send(Blue, Message("blue"), Message("green"));
        broker.Send(Gone, Message("gone with its queue"));
        receipts.Add((Gone, Assert.Single(broker.Receive(Gone, 1, null))));
        Work(broker, receipts);
        broker.Engine.Checkpoint();

        // From here on it stands in the journal only.
        broker.Time.Advance(TimeSpan.FromSeconds(20));
        broker.Put(Late, new QueueDefinition { DelaySeconds = 40_000, Tags = new Dictionary<string, string> { ["changed"] = "yes" } });
        broker.Delete(Gone);
        broker.Send(Late, Message("by the longer delay"), Message("by the longer delay, too"));
        broker.Send(Blue, Message("red"));
        Work(broker, receipts);
        return receipts;
    }

    /// <summary>Everything that is there, in words.</summary>
    public static string Describe(SampleBroker broker)
    {
        var text = new StringBuilder();
        foreach (QueueDescription description in new[] { Orders, Blue }.SelectMany(key => broker.List(key.Namespace)))
        {
            QueueDefinition definition = description.Definition;
            Line(text, $"queue {description.Key} version {description.Version}, {description.CreatedAt:O}, {description.ModifiedAt:O}: {description.Counts}");
            Line(text, $"  {definition.Type}, lease {definition.LeaseSeconds}, delay {definition.DelaySeconds}, retention {definition.RetentionSeconds}, wait {definition.ReceiveWaitSeconds}, up to {definition.MaxMessageBytes}");
            foreach ((string key, string value) in definition.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)) Line(text, $"  tag \"{key}\" = \"{value}\"");
            SampleWords.Definition(definition, text);
            LiveQueue queue = broker.Queue(description.Key);
            SampleWords.State(queue.State, text);
            Describe(broker, queue, text);
        }

        foreach (LongOperation operation in broker.Operations(Orders.Namespace)) SampleWords.Operation(operation, text);
        foreach (AccessKey key in broker.AccessKeys()) SampleWords.Key(key, text);
        foreach (NamespaceName space in new[] { Orders.Namespace, Blue.Namespace }) SampleTopicWords.Topics(broker, space, text);

        return text.ToString();
    }

    // Leased, extended, its lease over, released with and without a delay, acknowledged, delivered twice.
    private static void Work(SampleBroker broker, List<(QueueKey, string)> receipts)
    {
        string[] held = broker.Receive(Orders, 6, null);
        Assert.Null(broker.Acknowledge(Orders, held[1]));
        broker.Release(Orders, held[2], 43_000);
        broker.Extend(Orders, held[3], 43_000);
        broker.Release(Orders, held[4], 0);
        string again = Assert.Single(broker.Receive(Orders, 1, 10));
        receipts.AddRange(held.Select(receipt => (Orders, receipt)));
        receipts.AddRange([(Blue, again), (Orders, again), (Orders, Forge(again))]);
        broker.Receive(Blue, 2, null);
    }

    private static string Forge(string receipt) => receipt[..^2] + (receipt[^2] == 'A' ? 'B' : 'A') + receipt[^1];

    private static OutgoingMessage Message(string body, long delayMs = OutgoingMessage.QueueDelay) =>
        new() { Body = Encoding.UTF8.GetBytes(body), DelayMilliseconds = delayMs };

    private static OutgoingMessage Rich() => new()
    {
        Body = new byte[] { 0, 1, 2, 0xFF },
        ContentType = "application/x-rich",
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        Attributes =
        [
            new MessageAttribute("text", AttributeKind.String, null, "grün"u8.ToArray()),
            new MessageAttribute("number", AttributeKind.Number, "int", "-42"u8.ToArray()),
            new MessageAttribute("bytes", AttributeKind.Binary, null, new byte[] { 9, 8, 7 }),
        ],
    };

    private static void Describe(SampleBroker broker, LiveQueue queue, StringBuilder text)
    {
        LogStream stream = queue.Stream;
        long[] live = [.. Enumerable.Range(0, (int)stream.Next).Select(offset => (long)offset).Where(offset => !stream.IsReleased(offset))];
        Line(text, $"  stream {stream.Id}, {stream.Next} messages so far, {live.Length} there");
        using RecordSet records = broker.Engine.Read(stream, live);
        for (int i = 0; i < live.Length; i++)
        {
            Assert.True(RecordDecoder.TryRead(records[i].Body, out RecordDecoder.Decoded message));
            queue.State.TryGet(live[i], out Delivery delivery);
            Line(text, $"  {live[i]} {broker.IdOf(queue, live[i])} sent {records[i].TimestampMs}, not before {message.NotBeforeMs}, received {delivery.ReceiveCount} times, first {delivery.FirstReceivedMs}, state {delivery.State}");
            Line(text, $"     {Convert.ToHexString(message.Body.Span)} {message.ContentType} {message.TraceParent}".TrimEnd());
            SampleWords.Message(message, delivery, text);
            foreach (MessageAttribute attribute in message.Attributes) Line(text, $"     {attribute.Name} {attribute.Kind} {attribute.CustomType}: {Convert.ToHexString(attribute.Value.Span)}");
        }
    }

    internal static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
