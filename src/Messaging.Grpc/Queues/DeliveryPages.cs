using Messaging.Broker.Messages;

namespace Messaging.Grpc.Queues;

/// <summary>Deliveries as responses of a stream, none of them larger than what clients take unless it has a single message.</summary>
internal static class DeliveryPages
{
    /// <summary>What a message has beside its body: counted roughly, since to count it exactly costs as much as to write it.</summary>
    private const int AboutBytes = 1024;

    public static List<V1.StreamReceiveResponse> Of(ReceivedMessages received)
    {
        var pages = new List<V1.StreamReceiveResponse>(1);
        V1.StreamReceiveResponse? page = null;
        int bytes = 0;
        for (int index = 0; index < received.Count; index++)
        {
            V1.Message message = MessageWriter.Of(in received[index]);
            int size = AboutBytes + BytesOf(in received[index]);
            if (page is null || bytes + size > GrpcLimits.DeliveryBytesMax)
            {
                pages.Add(page = new V1.StreamReceiveResponse());
                bytes = 0;
            }
            page.Messages.Add(message);
            bytes += size;
        }
        if (received.Damaged.Count > 0)
            pages.Add(new V1.StreamReceiveResponse { Damaged = { received.Damaged.Select(MessageWriter.Of) } });
        return pages;
    }

    private static int BytesOf(in ReceivedMessage message)
    {
        int bytes = message.Body.Length;
        for (int index = 0; index < message.Attributes.Count; index++)
            bytes += message.Attributes[index].Value.Length;
        return bytes;
    }
}
