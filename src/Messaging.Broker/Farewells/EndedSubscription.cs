using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Catalog;
using Messaging.Broker.Documents;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Storage;

namespace Messaging.Broker.Farewells;

/// <summary>A subscription that its receiver has ended, as a document keeps it for as long as it can be brought back: base64 of when it ended and of its record in the catalog. Immutable.</summary>
/// <param name="EndedMs">Milliseconds since 1970.</param>
/// <param name="Record">As it was.</param>
internal sealed record EndedSubscription(long EndedMs, SubscriptionRecord Record)
{
    private const string Kind = "endedSubscription";

    /// <summary>The document of the subscription of this number.</summary>
    public static DocumentKey KeyOf(in TopicKey topic, long number) => new(topic.Account, topic.Namespace, Kind, number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>All of the topic's namespace.</summary>
    public static DocumentKey KeysOf(in TopicKey topic) => new(topic.Account, topic.Namespace, Kind, "");

    public bool IsOver(long now) => now - EndedMs > DeliveryLimits.ConfirmationSecondsMax * 1_000L;

    public string Encode()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new BufferEntryWriter(buffer);
        writer.Unsigned(EndedMs);
        Record.Write(ref writer);
        writer.Flush();
        return Convert.ToBase64String(buffer.WrittenSpan);
    }

    /// <summary>False for what is none.</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out EndedSubscription? ended)
    {
        ended = null;
        try
        {
            var reader = new EntryReader(Convert.FromBase64String(text));
            ended = new EndedSubscription(reader.Unsigned(), SubscriptionRecord.Read(ref reader));
            return true;
        }
        catch (Exception fault) when (fault is FormatException or StorageFaultException)
        {
            return false;
        }
    }
}
