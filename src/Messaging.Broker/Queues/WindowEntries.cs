using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>The fold of what a queue remembers for a time, and its sections of a snapshot. <see cref="QueueEntryKind"/> and <see cref="QueueSnapshot"/> have the byte tables.</summary>
internal static class WindowEntries
{
    public static void Answered(QueueWindows windows, ref EntryReader reader, long now)
    {
        long until = now + reader.Unsigned();
        Hash128 key = reader.Hash();
        windows.ApplyAnswered(key, new RememberedAnswer(reader.Hash(), reader.ToEnd().ToArray()), until);
    }

    public static void Deduplicated(QueueWindows windows, ref EntryReader reader, long now)
    {
        long until = now + reader.Unsigned();
        for (long offset = 0; !reader.AtEnd;)
        {
            offset += reader.Signed();
            windows.ApplyDeduplicated(reader.Hash(), offset, until);
        }
    }

    public static void WriteAnswers(ref BufferEntryWriter writer, TimedMap<RememberedAnswer> answers)
    {
        writer.Unsigned(answers.Count);
        foreach ((Hash128 key, TimedMap<RememberedAnswer>.Entry entry) in answers)
        {
            writer.Hash(key);
            writer.Hash(entry.Value.Request);
            writer.Unsigned(entry.Until);
            writer.Bytes(entry.Value.Answer);
        }
    }

    public static void RestoreAnswers(QueueWindows windows, ref EntryReader reader)
    {
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            (Hash128 key, Hash128 request, long until) = (reader.Hash(), reader.Hash(), reader.Unsigned());
            windows.ApplyAnswered(key, new RememberedAnswer(request, reader.Bytes().ToArray()), until);
        }
    }

    public static void WriteFirsts(ref BufferEntryWriter writer, TimedMap<FirstMessage> firsts)
    {
        writer.Unsigned(firsts.Count);
        foreach ((Hash128 id, TimedMap<FirstMessage>.Entry entry) in firsts)
        {
            writer.Hash(id);
            writer.Unsigned(entry.Value.Offset);
            writer.Unsigned(entry.Until);
        }
    }

    public static void RestoreFirsts(QueueWindows windows, ref EntryReader reader)
    {
        for (long left = reader.Unsigned(); left > 0; left--) windows.ApplyDeduplicated(reader.Hash(), reader.Unsigned(), reader.Unsigned());
    }
}
