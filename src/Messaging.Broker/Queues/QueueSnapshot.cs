using System.Buffers;

namespace Messaging.Broker.Queues;

/// <summary>
/// What a checkpoint keeps of a queue, and of what it does not: which offsets are dead is the stream's own knowledge.
/// </summary>
/// <remarks>
/// Varints, unsigned or zigzag (z):
/// <code>
/// version = 1 | last now
/// cursor | appended | longest queue-wide delay | marks | (first offset, due, messages z)...
/// deliveries | (offset, state z, first received, due or 0, receive count)...
/// to the end: (offset, due)... of messages with a delay of their own that were never delivered
/// </code>
/// state: above 0 leased until, 0 ready again, below 0 given back until. ARCHITECTURE.md names this page among the on-disk formats.
/// </remarks>
internal static class QueueSnapshot
{
    private const byte Version = 1;

    public static void Write(QueueState state, IBufferWriter<byte> destination)
    {
        var writer = new BufferEntryWriter(destination);
        writer.Byte(Version);
        state.Write(ref writer);
        writer.Flush();
    }

    /// <summary>Into a state that is new.</summary>
    public static void Restore(QueueState state, ReadOnlySpan<byte> snapshot)
    {
        var reader = new EntryReader(snapshot);
        if (reader.Byte() != Version) throw EntryReader.Malformed();
        state.Restore(ref reader);
    }
}
