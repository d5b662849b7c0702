using Google.Protobuf;
using Grpc.Core;
using Messaging.V1;
using Attribute = Messaging.V1.Attribute;

namespace Messaging.Grpc.Tests.Conformance;

/// <summary>Queues over gRPC, by the generated client.</summary>
internal sealed class GrpcQueueFront(GrpcServer server) : IQueueFront
{
    public Task<string> CreateQueueAsync(string name, QueueTerms terms)
    {
        var definition = new QueueDefinition { Type = terms.IsFifo ? QueueType.Fifo : QueueType.Standard };
        if (terms.DelaySeconds is { } delay) definition.DelaySeconds = delay;
        if (terms.MaxMessageBytes is { } bytes) definition.MaxMessageBytes = bytes;
        if (terms.DeadLetter is { } dead) definition.DeadLetter = new DeadLetter { Queue = dead.Queue, MaxReceives = dead.MaxReceives };
        if (terms.IsDeduplicatedByContent) definition.Deduplication = new Deduplication { ContentBased = true };
        return OutcomeAsync(server.Queues.PutQueueAsync(new PutQueueRequest { Queue = name, Definition = definition }));
    }

    public Task<string> DeleteQueueAsync(string name) => OutcomeAsync(server.Queues.DeleteQueueAsync(new DeleteQueueRequest { Queue = name }));

    public Task<string> PurgeQueueAsync(string name) => OutcomeAsync(server.Queues.PurgeQueueAsync(new PurgeQueueRequest { Queue = name }));

    public async Task<string[]> ListQueuesAsync(string prefix) =>
        [.. (await server.Queues.ListQueuesAsync(new ListQueuesRequest { Prefix = prefix })).Queues.Select(queue => queue.Name)];

    public async Task<string[]> SendAsync(string queue, params FrontSend[] messages)
    {
        var request = new SendMessagesRequest { Queue = queue };
        foreach (FrontSend message in messages)
        {
            var sent = new OutgoingMessage { Body = ByteString.CopyFromUtf8(message.Body), Group = message.Group ?? "", DeduplicationId = message.DeduplicationId ?? "" };
            if (message.DelaySeconds is { } delay) sent.DelaySeconds = delay;
            if (message.Number is { } number) sent.Attributes["n"] = new Attribute { Number = number };
            request.Messages.Add(sent);
        }

        return await OutcomesAsync(async () => [.. (await server.Queues.SendMessagesAsync(request)).Results.Select(result => result.Error?.Code ?? "")]);
    }

    public async Task<(string Outcome, FrontDelivery[] Messages)> ReceiveAsync(string queue, int leaseSeconds = 30)
    {
        FrontDelivery[] messages = [];
        string[] outcomes = await OutcomesAsync(async () =>
        {
            ReceiveMessagesResponse response = await server.Queues.ReceiveMessagesAsync(new ReceiveMessagesRequest { Queue = queue, Max = 10, WaitSeconds = 0, LeaseSeconds = leaseSeconds });
            messages = [.. response.Messages.Select(message => new FrontDelivery(
                message.Id, message.Body.ToStringUtf8(), message.Group.Length == 0 ? null : message.Group, message.ReceiveCount,
                message.Attributes.TryGetValue("n", out Attribute? number) ? number.Number : null, message.Receipt))];
            return [""];
        });
        return (outcomes[0], messages);
    }

    public Task<string[]> AcknowledgeAsync(string queue, params string[] receipts) => OutcomesAsync(async () =>
        [.. (await server.Queues.AcknowledgeMessagesAsync(new AcknowledgeMessagesRequest { Queue = queue, Receipts = { receipts } })).Results.Select(result => result.Error?.Code ?? "")]);

    public Task<string> ExtendAsync(string queue, string receipt, int seconds) => OutcomeAsync(
        server.Queues.ExtendLeasesAsync(new ExtendLeasesRequest { Queue = queue, Entries = { new ExtendEntry { Receipt = receipt, LeaseSeconds = seconds } } }));

    private static async Task<string> OutcomeAsync<T>(AsyncUnaryCall<T> call) => (await OutcomesAsync(async () =>
    {
        await call;
        return [""];
    }))[0];

    private static async Task<string[]> OutcomesAsync(Func<Task<string[]>> call)
    {
        try
        {
            return await call();
        }
        catch (RpcException exception)
        {
            return exception.GetRpcStatus()?.GetDetail<BatchFailure>() is { } failure ? [.. failure.Errors.Select(error => error.Code)] : [Refused.Of(exception).Code!];
        }
    }
}
