using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>One journal entry of a queue, in the scratch memory of the sequencer: <see cref="QueueEntryKind"/> has the byte table. Hot path.</summary>
internal ref struct QueueEntryWriter
{
    /// <summary>Bytes before the list.</summary>
    public const int HeadBytesMax = 1 + (6 * EntryWriter.VarintBytesMax);

    /// <summary>Bytes of one element of the list.</summary>
    public const int ElementBytesMax = 2 * EntryWriter.VarintBytesMax;

    /// <summary>Bytes of one element with a lane.</summary>
    public const int LanedElementBytesMax = (3 * EntryWriter.VarintBytesMax) + LaneKey.GroupBytes;

    private EntryWriter _writer;
    private long _previous;
    private LaneKey _lane;

    public QueueEntryWriter(Span<byte> scratch, QueueEntryKind kind, long now)
        : this(scratch, (byte)kind, now)
    {
    }

    /// <summary>For another kind of stream with an entry of this form.</summary>
    public QueueEntryWriter(Span<byte> scratch, byte kind, long now)
    {
        _writer = new EntryWriter(scratch);
        _writer.Byte(kind);
        _writer.Unsigned(now);
    }

    /// <summary>Bytes of an entry with so many elements, at most.</summary>
    public static int BytesMax(int elements) => HeadBytesMax + (elements * ElementBytesMax);

    /// <summary>The same, where each element is an offset and a message id.</summary>
    public static int MovedBytesMax(int elements) => HeadBytesMax + (elements * (EntryWriter.VarintBytesMax + MessageId.Bytes));

    /// <summary>The same of elements with a hash.</summary>
    public static int HashedBytesMax(int elements) => HeadBytesMax + (elements * (EntryWriter.VarintBytesMax + Hash128.Bytes));

    public bool HasElements { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _writer.Written;

    /// <summary>A number of the head.</summary>
    public void Number(long value) => _writer.Unsigned(value);

    public void Hash(in Hash128 value) => _writer.Hash(value);

    public void SignedNumber(long value) => _writer.Signed(value);

    public void Offset(long offset)
    {
        _writer.Signed(offset - _previous);
        _previous = offset;
        HasElements = true;
    }

    public void Offset(long offset, MessageId id)
    {
        Span<byte> bytes = stackalloc byte[MessageId.Bytes];
        id.TryCopyTo(bytes);
        Offset(offset);
        _writer.Raw(bytes);
    }

    public void Lane(long offset, LaneKey lane, bool isPending)
    {
        Offset(offset);
        bool isNew = lane != _lane;
        _writer.Unsigned((isPending ? 1 : 0) + (isNew ? 2 : 0));
        if (isNew) _writer.Lane(_lane = lane);
    }

    /// <summary>What the waits of the messages follow from.</summary>
    public void Retry(RetryDefinition retry) => _writer.Retry(retry);

    public void Offset(long offset, long later)
    {
        Offset(offset);
        _writer.Unsigned(later);
    }

    public void Offset(long offset, in Hash128 hash)
    {
        Offset(offset);
        _writer.Hash(hash);
    }
}
