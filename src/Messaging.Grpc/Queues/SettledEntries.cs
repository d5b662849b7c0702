using Google.Protobuf.Collections;
using Messaging.Broker;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Queues;

/// <summary>Entries of one kind out of many requests of a stream, each with the receipt by which its client knows it. Used by one loop. Hot path.</summary>
internal sealed class SettledEntries<TEntry>
{
    private readonly List<string> _receipts = [];
    private readonly List<BrokerError?> _refusals = [];
    private readonly List<TEntry> _accepted = [];

    public void Add<TWire>(RepeatedField<TWire> wire, Func<TWire, string> receiptOf, Func<RepeatedField<TWire>, Entries<TEntry>> read)
    {
        if (wire.Count == 0)
            return;
        Entries<TEntry> entries = read(wire);
        for (int index = 0; index < wire.Count; index++)
        {
            _receipts.Add(receiptOf(wire[index]));
            _refusals.Add(entries.RefusalAt(index));
        }
        _accepted.AddRange(entries.Accepted.Span);
    }

    public void ForEach(Action<TEntry> action) => _accepted.ForEach(action);

    /// <summary>One call of the broker for all of them, whose outcomes are added to the results; throws where it is refused as a whole.</summary>
    public async ValueTask RunAsync(Func<ReadOnlyMemory<TEntry>, ValueTask<Result<BrokerError?[]>>> settle, RepeatedField<V1.SettleResult> results)
    {
        if (_receipts.Count == 0)
            return;
        BrokerError?[] outcomes = _accepted.Count == 0 ? [] : (await settle(_accepted.ToArray())).OrRefuse();
        for (int index = 0, next = 0; index < _receipts.Count; index++)
            results.Add(new V1.SettleResult { Receipt = _receipts[index], Error = Refusal.Told(_refusals[index] ?? outcomes[next++]) });
    }
}
