using Google.Protobuf;
using Grpc.Core;
using Messaging.V1;
using Attribute = Messaging.V1.Attribute;

namespace Messaging.Grpc.Tests.Conformance.Queues;

/// <summary>Queues over gRPC, by the generated client.</summary>
internal sealed class GrpcQueueFront(CallInvoker connection) : IQueueFront
{
    private QueueService.QueueServiceClient Calls => new(connection);

    public Task<string> CreateQueueAsync(string name, QueueTerms terms)
    {
        var definition = new QueueDefinition { Type = terms.IsFifo ? QueueType.Fifo : QueueType.Standard };
        if (terms.DelaySeconds is { } delay) definition.DelaySeconds = delay;
        if (terms.MaxMessageBytes is { } bytes) definition.MaxMessageBytes = bytes;
        if (terms.DeadLetter is { } dead) definition.DeadLetter = new DeadLetter { Queue = dead.Queue, MaxReceives = dead.MaxReceives };
        if (terms.IsDeduplicatedByContent) definition.Deduplication = new Deduplication { ContentBased = true };
        return Calls.PutQueueAsync(new PutQueueRequest { Queue = name, Definition = definition }).OutcomeAsync();
    }

    public Task<string> DeleteQueueAsync(string name) => Calls.DeleteQueueAsync(new DeleteQueueRequest { Queue = name }).OutcomeAsync();

    public Task<string> PurgeQueueAsync(string name) => Calls.PurgeQueueAsync(new PurgeQueueRequest { Queue = name }).OutcomeAsync();

    public async Task<string[]> ListQueuesAsync(string prefix) =>
        [.. (await Calls.ListQueuesAsync(new ListQueuesRequest { Prefix = prefix })).Queues.Select(queue => queue.Name)];

    public Task<string[]> SendAsync(string queue, params FrontSend[] messages)
    {
        var request = new SendMessagesRequest { Queue = queue };
        foreach (FrontSend message in messages)
        {
            var sent = new OutgoingMessage { Body = ByteString.CopyFromUtf8(message.Body), Group = message.Group ?? "", DeduplicationId = message.DeduplicationId ?? "" };
            if (message.DelaySeconds is { } delay) sent.DelaySeconds = delay;
            if (message.Number is { } number) sent.Attributes["n"] = new Attribute { Number = number };
            if (message.Kind is { } kind) sent.Attributes["kind"] = new Attribute { Text = kind };
            request.Messages.Add(sent);
        }

        return Calls.SendMessagesAsync(request).OutcomesAsync(response => response.Results, result => result.Error);
    }

    public async Task<(string Outcome, FrontDelivery[] Messages)> ReceiveAsync(string queue, int leaseSeconds = 30)
    {
        (string outcome, ReceiveMessagesResponse? response) = await Calls.ReceiveMessagesAsync(new ReceiveMessagesRequest { Queue = queue, Max = 10, WaitSeconds = 0, LeaseSeconds = leaseSeconds }).AskAsync();
        return (outcome, [.. (response?.Messages ?? []).Select(message => new FrontDelivery(
            message.Id, message.Body.ToStringUtf8(), message.Group.Length == 0 ? null : message.Group, message.ReceiveCount,
            message.Attributes.TryGetValue("n", out Attribute? number) ? number.Number : null, message.Attributes.TryGetValue("kind", out Attribute? kind) ? kind.Text : null, message.Receipt))]);
    }

    public Task<string[]> AcknowledgeAsync(string queue, params string[] receipts) =>
        Calls.AcknowledgeMessagesAsync(new AcknowledgeMessagesRequest { Queue = queue, Receipts = { receipts } }).OutcomesAsync(response => response.Results, result => result.Error);

    public async Task<string> ExtendAsync(string queue, string receipt, int seconds) =>
        (await Calls.ExtendLeasesAsync(new ExtendLeasesRequest { Queue = queue, Entries = { new ExtendEntry { Receipt = receipt, LeaseSeconds = seconds } } })
            .OutcomesAsync(response => response.Results, result => result.Error))[0];
}
