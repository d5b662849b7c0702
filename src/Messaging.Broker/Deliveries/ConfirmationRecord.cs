using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Storage.Records;

namespace Messaging.Broker.Deliveries;

/// <summary>
/// What stands in a delivery queue for the question whether its endpoint wants the subscription: it is delivered, and tried again, as messages are. It says nothing but what it is: its token follows from the subscription
/// and from its timestamp (<see cref="ConfirmationToken"/>), so that no token is stored.
/// </summary>
internal static class ConfirmationRecord
{
    /// <summary>A record with the header <see cref="StoredHeaders.Confirmation"/> alone.</summary>
    public static readonly ReadOnlyMemory<byte> Body = Write();

    /// <summary>An ordered queue delivers nothing without a group.</summary>
    public static readonly LaneKey Lane = new(LaneKey.HashOf("_m.cf"), 0);

    private static byte[] Write()
    {
        byte[] body = new byte[64];
        var writer = new RecordBodyWriter(body);
        writer.WriteNullKey();
        writer.WriteNullValue();
        writer.WriteHeaderCount(1);
        writer.WriteHeader(StoredHeaders.Confirmation, default);
        return body[..writer.Written];
    }
}
