using Google.Protobuf.Collections;
using Messaging.Broker;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Queues;

/// <summary>Entries of one kind out of many requests of a stream, each with the receipt by which its client knows it. Used by one loop. Hot path.</summary>
internal sealed class SettledEntries<TEntry>
{
    private readonly List<string> _receipts = [];
    private readonly List<BrokerError?> _refusals = [];
    private readonly List<TEntry> _accepted = [];

    public void Add<TWire>(RepeatedField<TWire> wire, Func<TWire, string> receiptOf, EntryReader<TWire, TEntry> read)
    {
        foreach (TWire one in wire)
        {
            TEntry entry = read(one, out BrokerError? refusal);
            _receipts.Add(receiptOf(one));
            _refusals.Add(refusal);
            if (refusal is null)
                _accepted.Add(entry);
        }
    }

    public void ForEach(Action<TEntry> action) => _accepted.ForEach(action);

    /// <summary>One call of the broker for all of them, whose outcomes are added to the results; throws where it is refused as a whole.</summary>
    public async ValueTask RunAsync(Func<ReadOnlyMemory<TEntry>, ValueTask<Result<BrokerError?[]>>> settle, RepeatedField<V1.SettleResult> results)
    {
        if (_receipts.Count == 0)
            return;
        BrokerError?[] outcomes = _accepted.Count == 0 ? [] : (await settle(_accepted.ToArray())).OrRefuse();
        for (int index = 0, next = 0; index < _receipts.Count; index++)
            results.Add(new V1.SettleResult { Receipt = _receipts[index], Error = Refusal.Told(Own(_refusals[index] ?? outcomes[next++])) });
    }

    // The receipt says which entry it is: of the field what stands behind the entry's place.
    private static BrokerError? Own(BrokerError? error) =>
        error?.Field is { } field && field.IndexOf(']', StringComparison.Ordinal) is >= 0 and int end ? error with { Field = field[(end + 1)..].TrimStart('.') } : error;
}
