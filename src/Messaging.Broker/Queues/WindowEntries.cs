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

    public static void Attempted(QueueWindows windows, ref EntryReader reader, long now)
    {
        long until = now + reader.Unsigned();
        Hash128 id = reader.Hash();
        long deadline = now + reader.Unsigned();
        var messages = new List<ReceiveAttempt.Message>();
        for (long offset = 0; !reader.AtEnd;) messages.Add(new ReceiveAttempt.Message(offset += reader.Signed(), reader.Int32()));
        windows.ApplyAttempted(id, new ReceiveAttempt(deadline, [.. messages]), until);
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

    public static void WriteAttempts(ref BufferEntryWriter writer, TimedMap<ReceiveAttempt> attempts)
    {
        writer.Unsigned(attempts.Count);
        foreach ((Hash128 id, TimedMap<ReceiveAttempt>.Entry entry) in attempts)
        {
            writer.Hash(id);
            writer.Unsigned(entry.Until);
            writer.Unsigned(entry.Value.Deadline);
            writer.Unsigned(entry.Value.Messages.Length);
            foreach (ReceiveAttempt.Message message in entry.Value.Messages)
            {
                writer.Unsigned(message.Offset);
                writer.Unsigned(message.ReceiveCount);
            }
        }
    }

    public static void RestoreAttempts(QueueWindows windows, ref EntryReader reader)
    {
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            (Hash128 id, long until, long deadline) = (reader.Hash(), reader.Unsigned(), reader.Unsigned());
            var messages = new ReceiveAttempt.Message[reader.Int32()];
            for (int i = 0; i < messages.Length; i++) messages[i] = new ReceiveAttempt.Message(reader.Unsigned(), reader.Int32());
            windows.ApplyAttempted(id, new ReceiveAttempt(deadline, messages), until);
        }
    }
}
