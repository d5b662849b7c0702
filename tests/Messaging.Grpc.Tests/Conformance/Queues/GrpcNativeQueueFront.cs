using System.Text.Json;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Conformance.Queues;

/// <summary>Queues over gRPC, beyond what all fronts can, by the generated client.</summary>
internal sealed class GrpcNativeQueueFront(GrpcServer server) : INativeQueueFront
{
    public Task<string> PatchAsync(string queue, int leaseSeconds) =>
        server.Queues.PatchQueueAsync(new PatchQueueRequest { Queue = queue, Definition = new QueueDefinition { LeaseSeconds = leaseSeconds } }).OutcomeAsync();

    public async Task<(string Outcome, FrontQueue? Queue)> GetAsync(string queue)
    {
        (string outcome, GetQueueResponse? response) = await server.Queues.GetQueueAsync(new GetQueueRequest { Queue = queue }).AskAsync();
        return (outcome, response?.Queue is not { } found ? null : new FrontQueue(found.Definition.LeaseSeconds, found.Counts.Ready, found.Counts.Leased, found.Counts.Delayed));
    }

    public async Task<string> ReleaseAsync(string queue, string receipt, int delaySeconds, bool isUnhandled)
    {
        var request = new ReleaseMessagesRequest { Queue = queue, Entries = { new ReleaseEntry { Receipt = receipt, DelaySeconds = delaySeconds, Unhandled = isUnhandled } } };
        return (await server.Queues.ReleaseMessagesAsync(request).OutcomesAsync(response => response.Results, result => result.Error))[0];
    }

    public async Task<string> RejectAsync(string queue, string receipt, string reason)
    {
        var request = new RejectMessagesRequest { Queue = queue, Entries = { new RejectEntry { Receipt = receipt, Reason = reason } } };
        return (await server.Queues.RejectMessagesAsync(request).OutcomesAsync(response => response.Results, result => result.Error))[0];
    }

    public async Task<(string Outcome, FrontMessage[] Messages)> BrowseAsync(string queue, string? state = null)
    {
        MessageState of = state is null ? MessageState.Unspecified : Enum.Parse<MessageState>(state, ignoreCase: true);
        (string outcome, BrowseMessagesResponse? response) = await server.Queues.BrowseMessagesAsync(new BrowseMessagesRequest { Queue = queue, State = of }).AskAsync();
        return (outcome, [.. (response?.Messages ?? []).Select(Of)]);
    }

    public async Task<(string Outcome, FrontMessage? Message)> LookAtAsync(string queue, string id)
    {
        (string outcome, GetMessageResponse? response) = await server.Queues.GetMessageAsync(new GetMessageRequest { Queue = queue, Id = id }).AskAsync();
        return (outcome, response is null ? null : Of(response.Message));
    }

    public Task<string> CancelAsync(string queue, string id) => server.Queues.CancelMessageAsync(new CancelMessageRequest { Queue = queue, Id = id }).OutcomeAsync();

    private static FrontMessage Of(BrowsedMessage found) => new(
        found.Message.Id, found.Message.Body.ToStringUtf8(), Word(found.State), found.Message.ReceiveCount,
        found.Message.Origin is { } origin ? (origin.Queue, Word(origin.Reason), origin.Detail) : null);

    private static string Word(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
