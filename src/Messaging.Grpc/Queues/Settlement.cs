using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Grpc.Errors;
using Kind = Messaging.V1.SettleResult.Types.Kind;

namespace Messaging.Grpc.Queues;

/// <summary>What a stream's client asks for messages that it has: all requests that have gathered by one call of the broker for each kind. Used by one loop. Hot path.</summary>
internal sealed class Settlement(QueueBroker queues, QueueKey queue, Deliveries deliveries)
{
    /// <summary>All entries of a request; throws where they are more than a call has, and names the list with which they are.</summary>
    public static int Count(V1.StreamReceiveRequest request)
    {
        int entries = 0;
        ReadOnlySpan<(string, int)> lists = [("acknowledge", request.Acknowledge.Count), ("extend", request.Extend.Count), ("release", request.Release.Count), ("reject", request.Reject.Count)];
        foreach ((string place, int count) in lists)
        {
            entries += count;
            if (entries > BrokerLimits.CallEntriesMax)
                throw Refusal.Of(EntryCount.TooMany(place));
        }
        return entries;
    }

    /// <summary>The response to all of them.</summary>
    public async ValueTask<V1.StreamReceiveResponse> RunAsync(List<V1.StreamReceiveRequest> batch)
    {
        var response = new V1.StreamReceiveResponse();
        var acknowledged = new SettledEntries<Receipt>(Kind.Acknowledge);
        var extended = new SettledEntries<ExtendEntry>(Kind.Extend);
        var released = new SettledEntries<ReleaseEntry>(Kind.Release);
        var rejected = new SettledEntries<RejectEntry>(Kind.Reject);
        foreach (V1.StreamReceiveRequest request in batch)
        {
            acknowledged.Add(request.Acknowledge, static text => text, Receipts.Read);
            extended.Add(request.Extend, static entry => entry.Receipt, Receipts.Read);
            released.Add(request.Release, static entry => entry.Receipt, Receipts.Read);
            rejected.Add(request.Reject, static entry => entry.Receipt, Receipts.Read);
        }
        await acknowledged.RunAsync(entries => queues.AcknowledgeAsync(queue, entries, CancellationToken.None), deliveries.Remove, response.Settled);
        await extended.RunAsync(entries => queues.ExtendAsync(queue, entries, CancellationToken.None), entry => deliveries.Change(entry.Receipt, entry.LeaseSeconds), response.Settled);
        await released.RunAsync(entries => queues.ReleaseAsync(queue, entries, CancellationToken.None), entry => deliveries.Remove(entry.Receipt), response.Settled);
        await rejected.RunAsync(entries => queues.RejectAsync(queue, entries, CancellationToken.None), entry => deliveries.Remove(entry.Receipt), response.Settled);
        return response;
    }
}
