using System.Buffers;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>
/// What a checkpoint keeps of a queue, and of what it does not: which offsets are dead is the stream's own knowledge.
/// </summary>
/// <remarks>
/// Varints, unsigned or zigzag (z):
/// <code>
/// version = 2 | (section, content)...     each at most once, in this order
/// section 2, lanes:
///   lanes | (priority, group's hash, 16 bytes)...
///   messages | (offset - the one before, lane * 2 + 1 where it had or has a delay of its own and was never delivered)...
/// section 9, deliveries that were given back unhandled: (offset + 1, count)... | 0
/// section 1, the state:
///   last now
///   cursor | appended | longest queue-wide delay | marks | (first offset, due, messages z)...
///   deliveries | (offset, state z, first received, due or 0, receive count)...
///   (offset + 1, due)... | 0 : messages with a delay of their own that were never delivered
/// section 6, when messages expire by their senders' word; absent when none does:
///   (offset + 1, expires; 0: it has, while it was leased)... | 0
/// section 7, retries: (offset + 1, wait in ms of a delivery)... | 0
/// section 3, answers: count | (hash of the key, hash of the request, until, answer with its length)...
/// section 4, first messages: count | (hash of the deduplication id, offset, until)...
/// section 5, receive attempts: count | (hash of the id, until, deadline, messages, (offset, receive count)...)...
/// section 8, the moved messages that keep their ids: (offset + 1, 16 as a length, message id)... | 0
/// version = 1 | the state alone, its last list to the end and of offsets as they are
/// </code>
/// state: above 0 leased until, 0 ready again, below 0 given back until. docs/formats.md names this page.
/// </remarks>
internal static class QueueSnapshot
{
    private const byte Version = 2;
    private const byte OldVersion = 1;
    private const byte StateSection = 1;
    private const byte LanesSection = 2;
    private const byte ExpirySection = 6;
    private const byte RetriesSection = 7;
    private const byte AnswersSection = 3;
    private const byte FirstsSection = 4;
    private const byte AttemptsSection = 5;
    private const byte MovedSection = 8;
    private const byte UnhandledSection = 9;

    public static void Write(LiveQueue queue, IBufferWriter<byte> destination)
    {
        var writer = new BufferEntryWriter(destination);
        writer.Byte(Version);
        if (queue.State.Lanes is { Count: > 0 } lanes)
        {
            writer.Byte(LanesSection);
            LaneSnapshot.Write(lanes, ref writer);
        }

        StateSections.WriteNumbers(ref writer, UnhandledSection, queue.State.Deliveries, static delivery => delivery.UnhandledCount);
        writer.Byte(StateSection);
        StateSections.WriteState(ref writer, queue.State);
        if (queue.State.Expiry is { IsEmpty: false } expiry)
        {
            writer.Byte(ExpirySection);
            expiry.Write(ref writer);
        }

        StateSections.WriteNumbers(ref writer, RetriesSection, queue.State.Deliveries, static delivery => delivery.RetryMs);
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

        if (queue.State.Moved is { } moved)
        {
            writer.Byte(MovedSection);
            moved.Write(ref writer);
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
            StateSections.RestoreState(ref reader, queue.State, isOld: true);
            return;
        }

        if (version != Version) throw EntryReader.Malformed();
        while (!reader.AtEnd)
        {
            switch (reader.Byte())
            {
                case StateSection:
                    StateSections.RestoreState(ref reader, queue.State, isOld: false);
                    break;
                case MovedSection:
                    for (long next = reader.Unsigned(); next > 0; next = reader.Unsigned()) queue.State.ApplyMovedHere(next - 1, new MessageId(reader.Bytes()));
                    break;
                case ExpirySection:
                    queue.State.RestoreExpiry(ref reader);
                    break;
                case LanesSection:
                    queue.State.RestoreLanes(ref reader);
                    break;
                case RetriesSection:
                    StateSections.RestoreNumbers(ref reader, queue.State.RestoreRetry);
                    break;
                case UnhandledSection:
                    StateSections.RestoreNumbers(ref reader, queue.State.RestoreUnhandled);
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
