using System.Buffers;
using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.FanOut;

/// <summary>The bodies of copies, in memory that is lent until the commit has completed: dispose it then. Used by one call. Hot path.</summary>
/// <param name="envelope">What notifications of the topic tell.</param>
internal sealed class CopyBodies(ReadOnlyMemory<byte> envelope) : IDisposable
{
    private static readonly DeliveryFailure QueueIsGone = new(
        Encoding.UTF8.GetBytes("queueNotFound"), Encoding.UTF8.GetBytes("The queue of the subscription does not exist."));

    private readonly List<byte[]> _lent = [];

    /// <summary>Those of the group, in all forms but the one that is there.</summary>
    public void Encode(FanOutRecord[] records, FanOutGroup group)
    {
        for (var form = CopyForm.Enveloped; (int)form < FanOutGroup.Forms; form++)
        {
            if (group[form].Count == 0) continue;
            bool isEnveloped = form is CopyForm.Enveloped or CopyForm.EnvelopedFailed;
            bool isFailed = form is CopyForm.RawFailed or CopyForm.EnvelopedFailed;
            var copy = new CopiedRecord(isEnveloped ? envelope : default, isFailed ? QueueIsGone : null);
            var bodies = new Memory<byte>[group.Count];
            for (int i = 0; i < bodies.Length; i++) bodies[i] = Copy(copy, records[group.First + i].Body.Span);
            group.SetBodies(form, bodies);
        }
    }

    /// <summary>One record as it is stored as a copy.</summary>
    public Memory<byte> Copy(in CopiedRecord copy, ReadOnlySpan<byte> record)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(copy.Measure(record.Length));
        _lent.Add(buffer);
        bool isRecord = copy.TryWrite(buffer, record, out int written);
        Invariant.Check(isRecord, "What is published is a record.");
        return buffer.AsMemory(0, written);
    }

    /// <summary>The most that the command appends for a group that was encoded.</summary>
    public static long Measure(FanOutRecord[] records, FanOutGroup group)
    {
        long bytes = 0;
        bool isLaned = false;
        for (int i = group.First; i < group.First + group.Count; i++) isLaned |= !records[i].Lane.IsPlain;
        for (var form = CopyForm.Raw; (int)form < FanOutGroup.Forms; form++)
        {
            IReadOnlyList<FanOutTarget> targets = group[form];
            int streams = targets.Count + (form == CopyForm.Raw && records[group.First].IsShared ? 1 : 0);
            if (streams == 0) continue;
            long bodies = 0;
            for (int i = 0; i < group.Count; i++) bodies += group.Body(records, form, i).Length;
            // What one stream alone has is stored record by record, in as many batches as that takes.
            bool isShared = form is CopyForm.Raw or CopyForm.Enveloped && streams > 1;
            bytes += isShared ? Command.SharedBytes(streams, group.Count, bodies) : streams * (bodies + ((long)group.Count * Command.RecordBytes(0)));
            for (int i = 0; i < targets.Count; i++)
            {
                if (isLaned) bytes += Command.StateBytes(QueueEntryWriter.HeadBytesMax + (group.Count * QueueEntryWriter.LanedElementBytesMax));
                if (targets[i].Id is not null) bytes += Command.StateBytes(QueueEntryWriter.HashedBytesMax(1));
                if (targets[i].MayDelay) bytes += Command.StateBytes(QueueEntryWriter.HeadBytesMax) + Command.StateBytes(QueueEntryWriter.BytesMax(group.Count));
            }
        }

        return bytes;
    }

    public void Dispose()
    {
        foreach (byte[] lent in _lent) ArrayPool<byte>.Shared.Return(lent);
    }
}
