using System.Buffers;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.FanOut;

/// <summary>Appends the records of one group inside a command: in each of their forms once for all streams that get it, and tells the queues of them. Hot path.</summary>
internal static class GroupAppender
{
    public static void Append(in Command command, QueueHost host, FanOutRecord[] records, FanOutGroup group, long now)
    {
        bool isShared = records[group.First].IsShared;
        LogStream? partition = isShared ? records[group.First].Stream : null;
        if (isShared || group[CopyForm.Raw].Count > 0) Append(command, host, records, group, CopyForm.Raw, partition, now);
        for (var form = CopyForm.Enveloped; (int)form < FanOutGroup.Forms; form++)
        {
            if (group[form].Count > 0) Append(command, host, records, group, form, null, now);
        }
    }

    private static void Append(in Command command, QueueHost host, FanOutRecord[] records, FanOutGroup group, CopyForm form, LogStream? partition, long now)
    {
        IReadOnlyList<FanOutTarget> targets = group[form];
        int first = partition is null ? 0 : 1;
        LogStream[] streams = ArrayPool<LogStream>.Shared.Rent(first + targets.Count);
        ReadOnlyMemory<byte>[] bodies = ArrayPool<ReadOnlyMemory<byte>>.Shared.Rent(group.Count);
        long[] offsets = ArrayPool<long>.Shared.Rent(first + targets.Count);
        if (partition is not null) streams[0] = partition;
        int count = first;
        for (int i = 0; i < targets.Count; i++)
        {
            if (targets[i].IsNew(now)) streams[count++] = targets[i].Queue.Stream;
        }

        for (int i = 0; i < group.Count; i++) bodies[i] = group.Body(records, form, i);
        if (count > 0) Store(command, isShared: form is CopyForm.Raw or CopyForm.Enveloped, streams.AsSpan(0, count), bodies.AsSpan(0, group.Count), now, offsets);
        if (partition is not null)
        {
            for (int i = 0; i < group.Count; i++) records[group.First + i].Offset = offsets[0] + i;
        }

        for (int i = 0; i < group.Count; i++)
        {
            ref FanOutRecord record = ref records[group.First + i];
            PublishedPlace.Fill(group.Body(records, form, i).Span, record.StreamId, record.Offset);
        }

        for (int i = 0, at = first; at < count; i++)
        {
            if (streams[at] == targets[i].Queue.Stream) Arrive(command, host, records, group, targets[i], offsets[at++], now);
        }

        ArrayPool<LogStream>.Shared.Return(streams, clearArray: true);
        ArrayPool<ReadOnlyMemory<byte>>.Shared.Return(bodies, clearArray: true);
        ArrayPool<long>.Shared.Return(offsets);
    }

    // For one stream a list of streams would only be in the way: what else goes there in the frame is one batch with it. Several subscriptions may have one dead-letter queue, which no list has twice.
    private static void Store(
        in Command command, bool isShared, ReadOnlySpan<LogStream> streams, ReadOnlySpan<ReadOnlyMemory<byte>> bodies, long now, Span<long> offsets)
    {
        if (isShared && streams.Length > 1)
        {
            command.AppendShared(streams, now, bodies, offsets);
            return;
        }

        for (int i = 0; i < streams.Length; i++)
        {
            offsets[i] = command.AppendRecord(streams[i], now, bodies[0]);
            foreach (ReadOnlyMemory<byte> body in bodies[1..]) command.AppendRecord(streams[i], now, body);
        }
    }

    private static void Arrive(in Command command, QueueHost host, FanOutRecord[] records, FanOutGroup group, in FanOutTarget target, long offset, long now)
    {
        LiveQueue queue = target.Queue;
        queue.State.Advance(now);
        var arrivals = new Arrivals(host, queue, now);
        long delayMs = queue.Definition!.DelaySeconds * 1_000L;
        for (int i = 0; i < group.Count; i++)
        {
            arrivals.Add(command, offset + i, new Arrival(now, delayMs, HasQueueDelay: true, ExpiresMs: 0, records[group.First + i].Lane));
        }

        arrivals.End(command);
        if (target.Id is { } id) Remember(command, host, target, id, offset, records[group.First].PublishedMs, now);
    }

    // The window began with the publish: of what was published longer ago, and perhaps again since, nothing is a duplicate.
    private static void Remember(in Command command, QueueHost host, in FanOutTarget target, in Hash128 id, long offset, long publishedMs, long now)
    {
        long windowMs = target.Definition.Deduplication!.WindowSeconds * 1_000L;
        if (publishedMs > 0) windowMs = Math.Min(windowMs, publishedMs + windowMs - now);
        if (windowMs <= 0) return;
        target.Queue.State.OpenWindows().ApplyDeduplicated(id, offset, now + windowMs);
        var entry = new QueueEntryWriter(host.Scratch, QueueEntryKind.Deduplicated, now);
        entry.Number(windowMs);
        entry.Offset(offset, id);
        command.AppendState(target.Queue.Stream, entry.Written);
    }
}
