using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Groups;

/// <summary>
/// Reads what a group fetch has leased, outside of the sequencer, and sorts it: partitions with records to answer; those whose records nobody may see, which are passed over; and those that
/// are not read, or can't be, which are given back.
/// </summary>
internal sealed class LeasedReader(TopicHost host, GroupFetchRequest request)
{
    /// <summary>With records; they are their taker's.</summary>
    public List<(Lease Lease, TopicName Topic, FetchedRecords Records)> Parts { get; } = [];

    /// <summary>Committed at once: up to there is nothing to see.</summary>
    public List<TokenLease> Passed { get; } = [];

    /// <summary>Given back.</summary>
    public List<TokenLease> Unread { get; } = [];

    /// <summary>Why the first of those that can't be read can't.</summary>
    public BrokerError? Damage { get; private set; }

    /// <summary>Rests once where it has to at all, before anything is read: the leases run, and what is read is held.</summary>
    public async ValueTask ReadAsync(GroupTake take, CancellationToken cancellationToken)
    {
        int old = 0;
        while (old < take.Leases.Length && take.Partitions[old].Stream.IsInTail(take.Leases[old].From)) old++;
        if (old < take.Leases.Length) await host.Reader.RestAsync(take.Partitions[old], take.Leases[old].From, cancellationToken);
        long left = request.BytesMax;
        for (int i = 0; i < take.Leases.Length; i++)
        {
            Lease lease = take.Leases[i];
            if (left <= 0)
            {
                Unread.Add(new TokenLease(lease.Partition, lease.From, lease.Nonce));
                continue;
            }

            LivePartition partition = take.Partitions[i];
            FetchedRecords records = host.Reader.Read(partition, lease.From, lease.To, take.Offsets[i], (int)left, request.Isolation);
            left -= records.BytesRead;
            if (!Keep(lease, partition, records)) records.Dispose();
        }
    }

    private bool Keep(Lease lease, LivePartition partition, FetchedRecords records)
    {
        BrokerError? damage = records.Damage;
        bool hasRecords = damage is null && HasRecords(records, out damage);
        if (hasRecords)
        {
            Parts.Add((lease, partition.Topic!.Key.Name, records));
            return true;
        }

        if (damage is null)
        {
            // Where nothing is stored, compaction or retention took all of it.
            Passed.Add(new TokenLease(lease.Partition, records.IsVoid ? lease.To : records.NextOffset, lease.Nonce));
            return false;
        }

        Unread.Add(new TokenLease(lease.Partition, lease.From, lease.Nonce));
        Damage ??= damage with { Detail = $"Topic \"{partition.Topic!.Key.Name}\", partition {partition.Number}: {damage.Detail}", Field = null };
        return false;
    }

    private static bool HasRecords(FetchedRecords records, out BrokerError? damage)
    {
        FetchedRecordReader reader = records.Read();
        bool hasRecords = reader.MoveNext();
        damage = reader.Error;
        reader.Dispose();
        return hasRecords;
    }
}
