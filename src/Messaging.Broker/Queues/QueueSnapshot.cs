using System.Buffers;

namespace Messaging.Broker.Queues;

/// <summary>
/// What a checkpoint keeps of a queue, and of what it does not: which offsets are dead is the stream's own knowledge.
/// </summary>
/// <remarks>
/// Varints, unsigned or zigzag (z):
/// <code>
/// version = 2 | (section, content)...     sections in any order, each at most once
/// section 1, the state:
///   last now
///   cursor | appended | longest queue-wide delay | marks | (first offset, due, messages z)...
///   deliveries | (offset, state z, first received, due or 0, receive count)...
///   (offset + 1, due)... | 0 : messages with a delay of their own that were never delivered
/// section 3, answers: count | (hash of the key, hash of the request, until, answer with its length)...
/// section 4, first messages: count | (hash of the deduplication id, offset, until)...
/// section 5, receive attempts: count | (hash of the id, until, deadline, messages, (offset, receive count)...)...
/// version = 1 | the state alone, its last list to the end and of offsets as they are
/// </code>
/// state: above 0 leased until, 0 ready again, below 0 given back until. ARCHITECTURE.md names this page among the on-disk formats.
/// </remarks>
internal static class QueueSnapshot
{
    private const byte Version = 2;
    private const byte OldVersion = 1;
    private const byte StateSection = 1;
    private const byte AnswersSection = 3;
    private const byte FirstsSection = 4;
    private const byte AttemptsSection = 5;

    public static void Write(LiveQueue queue, IBufferWriter<byte> destination)
    {
        var writer = new BufferEntryWriter(destination);
        writer.Byte(Version);
        writer.Byte(StateSection);
        queue.State.Write(ref writer);
        if (queue.State.Windows?.Answers is { } answers)
        {
            writer.Byte(AnswersSection);
            WindowEntries.WriteAnswers(ref writer, answers);
        }

        if (queue.State.Windows?.Firsts is { } firsts)
        {
            writer.Byte(FirstsSection);
            WindowEntries.WriteFirsts(ref writer, firsts);
        }

        if (queue.State.Windows?.Attempts is { } attempts)
        {
            writer.Byte(AttemptsSection);
            WindowEntries.WriteAttempts(ref writer, attempts);
        }

        writer.Flush();
    }

    /// <summary>Into a queue whose state is new.</summary>
    public static void Restore(LiveQueue queue, ReadOnlySpan<byte> snapshot)
    {
        var reader = new EntryReader(snapshot);
        byte version = reader.Byte();
        if (version == OldVersion)
        {
            queue.State.Restore(ref reader, isOld: true);
            return;
        }

        if (version != Version) throw EntryReader.Malformed();
        while (!reader.AtEnd)
        {
            switch (reader.Byte())
            {
                case StateSection:
                    queue.State.Restore(ref reader, isOld: false);
                    break;
                case AnswersSection:
                    WindowEntries.RestoreAnswers(queue.State.OpenWindows(), ref reader);
                    break;
                case FirstsSection:
                    WindowEntries.RestoreFirsts(queue.State.OpenWindows(), ref reader);
                    break;
                case AttemptsSection:
                    WindowEntries.RestoreAttempts(queue.State.OpenWindows(), ref reader);
                    break;
                default:
                    throw EntryReader.Malformed();
            }
        }
    }
}
