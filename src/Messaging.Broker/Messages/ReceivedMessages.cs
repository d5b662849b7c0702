using System.Buffers;

namespace Messaging.Broker.Messages;

/// <summary>
/// The answer of a receive, oldest first. It owns the pooled memory of its messages: dispose it when the response is
/// written, and touch no message afterwards. Used by one caller at a time.
/// </summary>
public sealed class ReceivedMessages : IDisposable
{
    internal static readonly ReceivedMessages Empty = new([], 0, null, null);

    private readonly IDisposable? _records;
    private ReceivedMessage[]? _messages;

    /// <summary><paramref name="messages"/> is rented from the shared pool; both it and the records are owned from here on.</summary>
    internal ReceivedMessages(ReceivedMessage[] messages, int count, IDisposable? records, IReadOnlyList<DamagedMessage>? damaged)
    {
        (_messages, Count, _records) = (messages, count, records);
        Damaged = damaged ?? [];
    }

    /// <summary>When they were received, in ms since 1970 by the clock that leases go by; 0 where there are none.</summary>
    public long ReceivedAtMs { get; internal init; }

    /// <summary>Messages that can be read.</summary>
    public int Count { get; private set; }

    /// <summary>Messages that were taken with the others and can't be read; usually empty.</summary>
    public IReadOnlyList<DamagedMessage> Damaged { get; }

    /// <summary>Bytes of bodies and of attributes' values.</summary>
    public long TotalBytes
    {
        get
        {
            long bytes = 0;
            for (int i = 0; i < Count; i++)
            {
                bytes += _messages![i].Body.Length;
                for (int at = 0; at < _messages[i].Attributes.Count; at++) bytes += _messages[i].Attributes[at].Value.Length;
            }

            return bytes;
        }
    }

    /// <summary>Its receive has an attempt's id: a repeat of it gets the same messages, with the same receipts.</summary>
    public bool IsRepeatable { get; internal init; }

    /// <summary>
    /// What <see cref="QueueBroker.ReturnAsync"/> takes to give all of them back; nothing where <see cref="IsRepeatable"/>: a repeat may have handed their receipts out, and the one that comes next is to find them.
    /// </summary>
    public Receipt[] Receipts()
    {
        if (IsRepeatable) return [];
        var receipts = new Receipt[Count + Damaged.Count];
        for (int i = 0; i < Count; i++) receipts[i] = _messages![i].Receipt;
        for (int i = 0; i < Damaged.Count; i++) receipts[Count + i] = Damaged[i].Receipt;
        return receipts;
    }

    /// <summary>Without a copy; valid until disposed.</summary>
    public ref readonly ReceivedMessage this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref _messages![index];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_messages is not { } messages) return;
        // What is empty is shared, and holds nothing.
        if (_records is null) return;
        _messages = null;
        Count = 0;
        ArrayPool<ReceivedMessage>.Shared.Return(messages, clearArray: true);
        _records.Dispose();
    }
}
