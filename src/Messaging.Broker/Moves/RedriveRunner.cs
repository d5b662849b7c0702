using Messaging.Broker.Catalog;
using Messaging.Broker.Messages;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Moves;

/// <summary>
/// Carries on the redrives, step by step: records are read outside of the sequencer; one command moves those that are still ready and notes how far the operation is,
/// in one frame, so that its counts are exact whatever crashes. A moved message is a new one there: new id, new sent time, no receives; its origin stays.
/// Not to be called twice at once.
/// </summary>
internal sealed class RedriveRunner(QueueHost host, OperationJournal journal)
{
    private static readonly int ChangeBytes = 2 * Command.StateBytes(OperationEntries.ChangeBytesMax);

    private readonly long[] _offsets = new long[QueueLimits.MoveMessagesMax];

    // What a throttled redrive may still move before the next beat.
    private readonly Dictionary<long, int> _allowed = [];

    /// <summary>Another second has passed.</summary>
    public void Beat()
    {
        lock (_allowed)
        {
            _allowed.Clear();
        }
    }

    /// <summary>One step of each; false when there is nothing to do now.</summary>
    public async ValueTask<bool> StepAsync()
    {
        bool any = false;
        foreach (long number in Active())
        {
            if (host.IsStopping) return false;
            any |= await StepAsync(number);
        }

        return any;
    }

    private List<long> Active()
    {
        using Command command = host.Engine.BeginCommand(0);
        return journal.Operations.Active();
    }

    private async ValueTask<bool> StepAsync(long number)
    {
        // Only what is synced can be read.
        await Plan(number, out RedriveStep? planned);
        if (planned is not { } step) return await EndAsync(number);
        if (step.Allowed == 0) return false;
        using var batch = new MoveBatch(step.Source);
        if (!Gather(step, batch)) return false;
        int bytes = batch.CommandBytes + ChangeBytes;
        using Admission admission = await host.Engine.AdmitRecordsAsync(bytes, CancellationToken.None);
        if (admission.IsRefused) return false;
        await Sequence(step, batch, bytes);
        return true;
    }

    // Null where the operation can't go on.
    private ValueTask Plan(long number, out RedriveStep? step)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(0))
        {
            step = Look(number);
            synced = command.Commit();
        }

        return synced;
    }

    private RedriveStep? Look(long number)
    {
        // One that has ended since, as by a reset, has no source to look at.
        if (WhyEnded(number, out LongOperation? operation, out LiveQueue? source) is not null || operation is null || source is null) return null;
        source.State.Advance(host.Clock.NowMs());
        int allowed = Allowed(operation);
        int count = source.State.FindDeliverable(operation.Cursor, operation.EndOffset, _offsets.AsSpan(0, allowed), out long next);
        return new RedriveStep(operation, source) { Allowed = allowed, Count = count, Next = next };
    }

    // Status and reason with which it ends now; null while it goes on.
    private (OperationStatus Status, string? Reason)? WhyEnded(long number, out LongOperation? operation, out LiveQueue? source)
    {
        source = null;
        if (!journal.Operations.TryGet(number, out operation) || operation.HasEnded) return null;
        if (operation.Status == OperationStatus.Cancelling) return (OperationStatus.Cancelled, null);
        if (!host.Queues.TryGet(operation.StreamId, out source)) return (OperationStatus.Failed, "The queue was deleted.");
        return operation.Request.Destination is { } name && !host.Queues.TryGet(operation.Queue with { Name = name }, out _)
            ? (OperationStatus.Failed, RedriveFailures.NoQueue(name))
            : null;
    }

    private int Allowed(LongOperation operation)
    {
        if (operation.Request.MessagesPerSecond is not { } perSecond) return QueueLimits.MoveMessagesMax;
        lock (_allowed)
        {
            return Math.Min(_allowed.GetValueOrDefault(operation.Number, perSecond), QueueLimits.MoveMessagesMax);
        }
    }

    private void Spend(LongOperation operation, int moved)
    {
        if (operation.Request.MessagesPerSecond is not { } perSecond) return;
        lock (_allowed)
        {
            _allowed[operation.Number] = Math.Max(0, _allowed.GetValueOrDefault(operation.Number, perSecond) - moved);
        }
    }

    // False when the next message can't be read for now.
    private bool Gather(RedriveStep step, MoveBatch batch)
    {
        if (step.Count == 0) return true;
        using RecordSet records = host.Engine.Read(step.Source.Stream, _offsets.AsSpan(0, step.Count), QueueLimits.MoveBytesMax);
        for (int i = 0; i < records.Count; i++)
        {
            StoredRecord record = records[i];
            if (record.State == StoredRecordState.Unreadable || !TryGather(step, batch, record))
            {
                step.Next = record.Offset;
                return i > 0;
            }
        }

        if (records.Count < step.Count) step.Next = _offsets[records.Count];
        return true;
    }

    // False when it has no room in this command.
    private bool TryGather(RedriveStep step, MoveBatch batch, in StoredRecord record)
    {
        if (record.State == StoredRecordState.Missing) return true;
        if (record.State == StoredRecordState.Damaged || !RecordDecoder.TryRead(record.Body, out RecordDecoder.Decoded message))
        {
            step.Fail(record.Offset, "The message is damaged on the disk.");
            return true;
        }

        if (step.Operation.Request.Filter is { } filter && !filter.Matches(message, record.TimestampMs))
        {
            step.Skipped.Add(record.Offset);
            return true;
        }

        if (FindTarget(step, message.Origin, out string? why) is not { } target)
        {
            step.Fail(record.Offset, why!);
            return true;
        }

        var moved = new MovedRecord(null, 0, message.Origin is null ? default : StoredOrigin.Encode(message.Origin));
        int bytesMax = host.Engine.CommandBytesMax - ChangeBytes;
        if (!batch.HasRoomFor(moved.Measure(record.Body.Length), bytesMax))
        {
            if (batch.Count > 0) return false;
            step.Fail(record.Offset, "The message is too large to be moved.");
        }
        else if (!batch.TryAdd(record, moved, DeadLetters.LaneOf(message), 0, target))
        {
            step.Fail(record.Offset, "The message is damaged on the disk.");
        }

        return true;
    }

    private LiveQueue? FindTarget(RedriveStep step, MessageOrigin? origin, out string? why)
    {
        why = null;
        Names.QueueKey? key = step.Operation.Request.Destination is { } name ? step.Operation.Queue with { Name = name } : origin?.Queue;
        if (key is not { } known) why = RedriveFailures.NoOrigin;
        else if (!host.Queues.TryGet(known, out LiveQueue? target)) why = RedriveFailures.NoQueue(known.Name);
        else if (target == step.Source) why = "A message has come from this queue itself.";
        else if (target.Definition!.Type != step.Source.Definition!.Type) why = $"The queue \"{known.Name}\" is of the other type.";
        else return target;
        return null;
    }

    private ValueTask Sequence(RedriveStep step, MoveBatch batch, int bytes)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            Decide(command, step, batch);
            synced = command.Commit();
        }

        return synced;
    }

    private void Decide(in Command command, RedriveStep step, MoveBatch batch)
    {
        // It has been cancelled, or can't go on: the next look ends it.
        if (WhyEnded(step.Operation.Number, out LongOperation? operation, out _) is not null || operation is null || step.Source.Deleted) return;
        long now = host.Clock.NowMs();
        QueueState state = step.Source.State;
        state.Advance(now);
        for (int i = 0; i < batch.Count; i++)
        {
            ref MoveBatch.Message message = ref batch[i];
            message.Goes = state.IsDeliverable(message.Offset) && !message.Target!.Deleted;
            if (!message.Goes && message.Target!.Deleted) step.Fail(message.Offset, RedriveFailures.NoQueue(message.Target.Key.Name));
        }

        int moved = batch.Apply(command, host, now);
        // Those that somebody has taken meanwhile are his.
        long failed = step.Failed.Count(state.IsDeliverable);
        long skipped = step.Skipped.Count(state.IsDeliverable);
        journal.Progress(command, host.Engine, operation.Number, new OperationProgress(step.Next, moved, failed, skipped, failed > 0 ? step.FailureReason : null));
        if (step.Next >= operation.EndOffset) journal.End(command, host.Engine, operation.Number, OperationStatus.Completed, now, null);
        Spend(operation, moved);
    }

    private async ValueTask<bool> EndAsync(long number)
    {
        using Admission admission = await host.Engine.AdmitStateAsync(ChangeBytes, CancellationToken.None);
        if (admission.IsRefused) return false;
        await SequenceEnd(number);
        return true;
    }

    private ValueTask SequenceEnd(long number)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(ChangeBytes))
        {
            if (WhyEnded(number, out _, out _) is { } ended) journal.End(command, host.Engine, number, ended.Status, host.Clock.NowMs(), ended.Reason);
            synced = command.Commit();
        }

        return synced;
    }
}
