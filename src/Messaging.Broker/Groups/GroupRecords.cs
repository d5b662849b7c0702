using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Groups;

/// <summary>
/// What a group fetch has leased and read: records of some partitions, one after the other. Who reads them says how far it came with each (<see cref="Reached"/>), and then asks for the token
/// that commits so much. Owns its memory; who asked disposes it, once. Not thread-safe.
/// </summary>
public sealed class GroupRecords : IDisposable
{
    private readonly MessageKeys _keys;
    private readonly long _groupStreamId;
    private readonly List<(Lease Lease, TopicName Topic, FetchedRecords Records)> _parts;
    private readonly long[] _next;
    private BrokerError? _error;

    internal GroupRecords(MessageKeys keys, long groupStreamId, List<(Lease Lease, TopicName Topic, FetchedRecords Records)> parts)
    {
        (_keys, _groupStreamId, _parts) = (keys, groupStreamId, parts);
        _next = new long[parts.Count];
        for (int i = 0; i < _next.Length; i++) _next[i] = parts[i].Lease.From;
    }

    /// <summary>Partitions of which there are records; 0 where the wait was in vain.</summary>
    public int Count => _parts.Count;

    /// <summary>When the records may be given to others: ms since 1970.</summary>
    public long LeasedUntilMs => Count == 0 ? 0 : _parts[0].Lease.UntilMs;

    /// <summary>The topic of a partition that has records.</summary>
    public TopicName TopicOf(int index) => _parts[index].Topic;

    /// <summary>The records of a partition.</summary>
    public FetchedRecords RecordsOf(int index) => _parts[index].Records;

    /// <summary>
    /// Of this partition all below the offset has been told, as <see cref="FetchedRecordReader.NextOffset"/> says; and <see cref="FetchedRecordReader.Error"/>, why it was no more.
    /// </summary>
    public void Reached(int index, long next, BrokerError? error)
    {
        _next[index] = next;
        _error ??= error;
    }

    /// <summary>
    /// Why of no partition anything could be told, though it could when it was leased; null where there is something. Who is told so gives the leases back.
    /// </summary>
    public BrokerError? Refusal
    {
        get
        {
            for (int i = 0; i < _next.Length; i++)
            {
                if (_next[i] > _parts[i].Lease.From) return null;
            }

            return _error;
        }
    }

    /// <summary>What commits all that was reached; null where there is nothing.</summary>
    public CommitToken? Token()
    {
        if (Count == 0) return null;
        var leases = new TokenLease[Count];
        for (int i = 0; i < leases.Length; i++) leases[i] = new TokenLease(_parts[i].Lease.Partition, _next[i], _parts[i].Lease.Nonce);
        return CommitToken.Of(_keys, _groupStreamId, leases);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, _, FetchedRecords records) in _parts) records.Dispose();
    }
}
