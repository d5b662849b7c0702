using Messaging.Broker.Messages;
using Messaging.Broker.Records;
using Messaging.Storage.Records;

namespace Messaging.Broker.Topics;

/// <summary>
/// The records of a fetch one by one, in order: from the offset that was asked for, without control records and without what the fetch may not see. Owned by one thread, which disposes it. Hot path:
/// nothing is allocated for a record; a compressed batch is decompressed into pooled memory when its turn comes.
/// </summary>
public ref struct FetchedRecordReader
{
    private readonly FetchedRecords _fetched;
    private BatchRecords _records;
    private int _next;
    private bool _isOpen;

    internal FetchedRecordReader(FetchedRecords fetched) => (_fetched, NextOffset) = (fetched, fetched.Offset);

    /// <summary>Where a fetch goes on that has read so far; behind the last batch once <see cref="MoveNext"/> has returned false.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Why the records end before their batches do: a batch that this machine can't decompress, or not now, or that is not what was stored. <see cref="NextOffset"/> is its first record's.</summary>
    public BrokerError? Error { get; private set; }

    /// <summary>The record's offset in its partition; this, and all that tells of a record, after <see cref="MoveNext"/> has returned true.</summary>
    public readonly long Offset => _records.Offset;

    /// <summary>Milliseconds since 1970; -1 for none.</summary>
    public readonly long TimestampMs => _records.TimestampMs;

    /// <summary>Empty when null. In place: valid until the reader goes on.</summary>
    public readonly ReadOnlySpan<byte> Key => _records.Key;

    /// <summary>No key, as opposed to an empty one.</summary>
    public readonly bool KeyIsNull => _records.KeyIsNull;

    /// <summary>Empty when null. In place.</summary>
    public readonly ReadOnlySpan<byte> Value => _records.Value;

    /// <summary>A tombstone.</summary>
    public readonly bool ValueIsNull => _records.ValueIsNull;

    /// <summary>UTF-8; empty where the publisher gave none.</summary>
    public readonly ReadOnlySpan<byte> ContentType
    {
        get
        {
            if (_records.HeaderCount == 0) return default;
            RecordHeaderEnumerator headers = _records.Headers;
            while (headers.MoveNext())
            {
                if (headers.Name.SequenceEqual(StoredHeaders.ContentType)) return headers.Value;
            }

            return default;
        }
    }

    /// <summary>In the order of the publisher; names may repeat.</summary>
    public readonly FetchedHeaderEnumerator Headers => new(_records.Headers);

    /// <summary>Goes to the next record; false at the end, or at an <see cref="Error"/>.</summary>
    public bool MoveNext()
    {
        while (Error is null && (_isOpen || OpenNext()))
        {
            while (_records.MoveNext())
            {
                if (_records.Offset < _fetched.Offset || _records.Offset >= _fetched.End) continue;
                NextOffset = _records.Offset + 1;
                return true;
            }

            CloseBatch();
        }

        return false;
    }

    /// <summary>Gives back the memory of what was decompressed.</summary>
    public void Dispose()
    {
        if (_isOpen) _records.Dispose();
        _isOpen = false;
    }

    private bool OpenNext()
    {
        while (_next < _fetched.BatchCount)
        {
            VisibleBatch batch = _fetched.VisibleAt(_next++);
            if (!batch.Header.IsControl)
            {
                _records = new BatchRecords(batch.Bytes);
                return _isOpen = true;
            }

            NextOffset = Math.Max(NextOffset, batch.Header.LastOffset + 1);
        }

        NextOffset = _fetched.NextOffset;
        return false;
    }

    private void CloseBatch()
    {
        if (_records.Malformed) Error = _records.Refusal ?? new BrokerError(ErrorCode.MessageDamaged, $"The record batch at offset {_records.Header.BaseOffset} can't be read.");
        else NextOffset = Math.Max(NextOffset, Math.Min(_records.Header.LastOffset + 1, _fetched.End));
        _records.Dispose();
        _isOpen = false;
    }
}
