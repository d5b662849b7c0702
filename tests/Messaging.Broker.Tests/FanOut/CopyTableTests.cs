using System.Buffers;
using Messaging.Broker.Copies;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Tests.FanOut;

/// <summary>Copy tasks as they are stored, and in which order they have their turns.</summary>
public sealed class CopyTableTests
{
    [Fact]
    public void A_task_is_read_as_it_was_written()
    {
        var random = new Random(1);
        for (int turn = 0; turn < 1_000; turn++)
        {
            CopyTask task = Task(random, turn);
            byte[] bytes = new byte[CopyTable.BytesMax(task.Open.Count)];
            var writer = new EntryWriter(bytes);
            CopyTable.Write(ref writer, task);
            var reader = new EntryReader(writer.Written);
            CopyTask read = CopyTable.Read(ref reader);

            Assert.True(reader.AtEnd);
            AssertSame(task, read);
        }
    }

    [Fact]
    public void A_snapshot_has_what_is_not_done()
    {
        var random = new Random(2);
        var table = new CopyTable(new SubscriptionDirectory());
        for (int id = 1; id <= 300; id++) table.ApplyStarted(Task(random, id));
        foreach (long id in table.After(100, 50)) table.ApplyProgressed(id, long.MaxValue);
        table.ApplyProgressed(7, 1);
        table.ApplyProgressed(400, 1);
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new BufferEntryWriter(bytes);
        table.Write(ref writer);
        writer.Flush();

        var restored = new CopyTable(new SubscriptionDirectory());
        var reader = new EntryReader(bytes.WrittenSpan);
        restored.Restore(ref reader);
        Assert.True(reader.AtEnd);
        Assert.Equal((table.LastId, 250, table.CommittedCount), (restored.LastId, restored.Count, restored.CommittedCount));
        Assert.Equal([.. Enumerable.Range(1, 100), .. Enumerable.Range(151, 150)], restored.After(0, 1_000).Select(id => (int)id));
        foreach (long id in restored.After(0, 1_000))
        {
            Assert.True(table.TryGet(id, out CopyTask? task));
            Assert.True(restored.TryGet(id, out CopyTask? read));
            AssertSame(task, read);
        }

        Assert.Equal([151, 152], restored.After(100, 2).Select(id => (int)id));
        Assert.Empty(restored.After(300, 2));
    }

    [Fact]
    public void Mutated_tasks_are_read_or_refused()
    {
        var random = new Random(3);
        int read = 0;
        for (int turn = 0; turn < 20_000; turn++)
        {
            CopyTask task = Task(random, turn);
            byte[] bytes = new byte[CopyTable.BytesMax(task.Open.Count)];
            var writer = new EntryWriter(bytes);
            CopyTable.Write(ref writer, task);
            byte[] mutated = writer.Written.ToArray();
            for (int i = random.Next(4); i >= 0; i--) mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            if (IsRead(mutated.AsSpan(0, random.Next(3) == 0 ? random.Next(mutated.Length + 1) : mutated.Length))) read++;
        }

        Assert.InRange(read, 1_000, 19_000);
    }

    private static bool IsRead(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new EntryReader(bytes);
            CopyTable.Read(ref reader);
            return true;
        }
        catch (StorageFaultException)
        {
            return false;
        }
    }

    private static CopyTask Task(Random random, long id) => new()
    {
        Id = id,
        StreamId = Number(random),
        Cursor = 0,
        End = 2 + (Number(random) >> 1),
        Subscription = random.Next(2) == 0 ? 0 : Number(random),
        NumberMax = Number(random),
        ProducerId = random.Next(2) == 0 ? null : Number(random) >> 1,
        FromMs = Number(random),
        ToMs = Number(random),
        IsReplay = random.Next(2) == 0,
        Open = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new OpenTransaction(Number(random), Number(random)))],
    };

    private static long Number(Random random) => random.NextInt64() >> random.Next(63);

    private static void AssertSame(CopyTask expected, CopyTask task)
    {
        Assert.Equal(
            (expected.Id, expected.StreamId, expected.Cursor, expected.End, expected.Subscription, expected.NumberMax, expected.ProducerId, expected.FromMs, expected.ToMs, expected.IsReplay),
            (task.Id, task.StreamId, task.Cursor, task.End, task.Subscription, task.NumberMax, task.ProducerId, task.FromMs, task.ToMs, task.IsReplay));
        Assert.Equal(expected.Open, task.Open);
    }
}
