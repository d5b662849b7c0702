using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Messaging.V1;

namespace Orders;

/// <summary>Sends texts as messages.</summary>
internal static class Producer
{
    public static async Task SendAsync(GrpcChannel channel, string queue, string[] bodies)
    {
        var queues = new QueueService.QueueServiceClient(channel);
        DateTime patience = DateTime.UtcNow.AddSeconds(60);
        try
        {
            await queues.PutQueueAsync(new PutQueueRequest { Queue = queue, Precondition = new Precondition { MustNotExist = true } }, Connection.Headers(), patience);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Aborted)
        {
            // A queue that is there stays as it is.
        }

        // Whoever repeats this send does it under the same key: however many attempts arrive, the messages are stored once.
        Metadata once = Connection.Headers();
        once.Add("idempotency-key", Guid.NewGuid().ToString());
        var request = new SendMessagesRequest { Queue = queue, Messages = { bodies.Select(body => new OutgoingMessage { Body = ByteString.CopyFromUtf8(body) }) } };
        foreach (SendResult result in (await queues.SendMessagesAsync(request, once, patience)).Results)
            Console.WriteLine(result.Error is null ? $"sent {result.Id}" : $"not sent: {result.Error.Code}");
    }
}
