using Messaging.Broker.Catalog;
using Messaging.Broker.FanOut;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;
using Messaging.Storage.Records;
using Microsoft.Extensions.Logging;

namespace Messaging.Broker.Copies;

/// <summary>
/// Carries copy tasks on, step by step: records are read outside of the sequencer; one command appends their copies and notes how far the task is, in one frame. Not to be called twice at once.
/// </summary>
internal sealed partial class CopyRunner(TopicHost host, CopyJournal journal, SubscriptionJournal subscriptionJournal, SubscriptionDirectory subscriptions, ILogger logger)
{
    private static readonly int PassBytesMax = CopyJournal.ProgressBytesMax + SubscriptionJournal.FailReplayBytesMax;

    // A round goes over all tasks, some in each turn: those that can't go on now hold up nobody.
    private long _last;
    private bool _hasGoneOn;

    /// <summary>One step of each of the round's next tasks; false when a round is over in which none has gone on.</summary>
    public async ValueTask<bool> StepAsync()
    {
        List<long> ids = Next();
        foreach (long id in ids)
        {
            if (host.Shared.IsStopping) return false;
            _hasGoneOn |= await StepAsync(id);
        }

        bool isOver = ids.Count < SubscriptionLimits.CopyTasksPerTurnMax;
        bool any = !isOver || _hasGoneOn;
        _last = isOver ? 0 : ids[^1];
        if (isOver) _hasGoneOn = false;
        return any;
    }

    private List<long> Next()
    {
        if (journal.Tasks.Count == 0) return [];
        using Command command = host.Engine.BeginCommand(0);
        return journal.Tasks.After(_last, SubscriptionLimits.CopyTasksPerTurnMax);
    }

    private async ValueTask<bool> StepAsync(long id)
    {
        // Only what is synced can be read.
        await Look(id, out CopyTask? task, out LivePartition? partition, out CopyScope scope);
        if (task is null) return false;
        if (partition is null) return await ProgressAsync(task, task.End);
        if (scope.Only is { IsListed: false } || (scope.PassesGathering && scope.Only!.Paused)) return false;
        long from = Math.Max(task.Cursor, partition.State.Low);
        if (from >= task.End) return await ProgressAsync(task, task.End);
        await host.Reader.RestAsync(partition, from, CancellationToken.None);
        for (long count = SubscriptionLimits.CopyRecordsMax; count > 0; count /= 2)
        {
            if (await TryStepAsync(task, partition, scope, from, Math.Min(task.End, from + count)) is { } goesOn) return goesOn;
        }

        // With all of its forms it is larger than a command: no publish of it alone would have been taken.
        LogTooLarge(from, partition.Topic!.Key);
        return await ProgressAsync(task, from + 1, leavesOut: true);
    }

    // Null where the copies of so many records are too much for one command.
    private async ValueTask<bool?> TryStepAsync(CopyTask task, LivePartition partition, CopyScope scope, long from, long end)
    {
        Isolation isolation = task.ProducerId is null ? Isolation.ReadCommitted : Isolation.ReadUncommitted;
        using FetchedRecords records = host.Reader.Read(partition, from, end, partition.Offsets, SubscriptionLimits.CopyBytesMax, isolation);
        if (records.Damage is { Code: ErrorCode.Overloaded }) return false;
        if (records.Damage is not null) return await ProgressAsync(task, records.DamageEnd, leavesOut: true);
        LiveTopic topic = partition.Topic!;
        using FanOutCall? copies = FanOutCall.Begin(host.Shared, topic.Subscriptions, topic.Key, SubscriptionLimits.CopyRecordsMax, topic.Definition.Type == TopicType.Fifo, scope);
        long next = records.IsVoid ? end : Math.Clamp(records.NextOffset, from, end);
        var batches = new List<CopiedBatch>();
        for (int i = 0; copies is not null && i < records.BatchCount; i++)
        {
            VisibleBatch batch = records.VisibleAt(i);
            if (!Wants(task, batch.Header)) continue;
            int first = copies.Count;
            if (copies.AddBatch(partition.Stream, batch.Bytes, new CopyRange(from, end, task.FromMs) { ToMs = task.ToMs, IsLate = true, IsReplay = task.IsReplay }) is not null)
            {
                // Not now: a codec is missing, or memory.
                next = Math.Max(from, batch.Header.BaseOffset);
                break;
            }

            batches.Add(new CopiedBatch(first, copies.Count - first, batch.Header.BaseOffset));
        }

        if (next == from) return false;
        copies?.Match();
        long bytes = CopyJournal.ProgressBytesMax + (copies?.Bytes ?? 0);
        if (bytes > host.Engine.CommandBytesMax) return null;
        using Admission admission = await host.Engine.AdmitRecordsAsync((int)bytes, CancellationToken.None);
        if (admission.IsRefused) return false;
        await Sequence(admission, new Step(task, topic, copies, batches, next), (int)bytes, out bool goesOn);
        return goesOn;
    }

    private ValueTask Look(long id, out CopyTask? task, out LivePartition? partition, out CopyScope scope)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(0))
        {
            LiveSubscription? only = null;
            bool isThere = journal.Tasks.TryGet(id, out task);
            bool hasSubscription = isThere && (task!.Subscription == 0 || subscriptions.TryGet(task.Subscription, out only));
            partition = hasSubscription && host.Topics.TryGet(task!.StreamId, out LivePartition? found) && !found.Deleted ? found : null;
            // Of an ordered topic these come before what has gathered.
            bool isFirst = only is not null && !task!.IsReplay && partition?.Topic!.Definition.Type == TopicType.Fifo;
            scope = new CopyScope(only, task?.NumberMax ?? 0) { PassesGathering = isFirst };
            synced = command.Commit();
        }

        return synced;
    }

    private static bool Wants(CopyTask task, in RecordBatchHeader header)
    {
        if (header.IsControl) return false;
        if (task.ProducerId is { } producer) return header.IsTransactional && header.ProducerId == producer;
        if (!header.IsTransactional) return true;
        foreach (OpenTransaction open in task.Open)
        {
            if (open.ProducerId == header.ProducerId && header.BaseOffset >= open.From) return false;
        }

        return true;
    }

    // It goes on also where subscriptions have changed meanwhile: the step is made again.
    private ValueTask Sequence(Admission admission, in Step step, int bytes, out bool goesOn)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            goesOn = true;
            if (journal.Tasks.TryGet(step.Task.Id, out _) && !step.Topic.Deleted && !FanOutCall.IsStale(step.Topic.Subscriptions, step.Copies)) goesOn = Do(command, step);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private bool Do(in Command command, in Step step)
    {
        long now = host.Clock.NowMs();
        // A queue that remembers as many ids as it can gets them when it has forgotten some.
        if (step.Copies?.Judge(now) is not null) return false;
        foreach (CopiedBatch batch in step.Batches) step.Copies!.AppendedBatch(command, batch.First, batch.Count, batch.BaseOffset, now);
        journal.Progress(command, step.Task, step.Next);
        return true;
    }

    private async ValueTask<bool> ProgressAsync(CopyTask task, long cursor, bool leavesOut = false)
    {
        using Admission admission = await host.Engine.AdmitStateAsync(PassBytesMax, CancellationToken.None);
        if (admission.IsRefused) return false;
        await Progress(admission, task, cursor, leavesOut);
        return true;
    }

    private ValueTask Progress(Admission admission, CopyTask task, long cursor, bool leavesOut)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(PassBytesMax))
        {
            bool isThere = journal.Tasks.TryGet(task.Id, out _);
            if (isThere && leavesOut && task.IsReplay && subscriptions.TryGet(task.Subscription, out LiveSubscription? subscription)) subscriptionJournal.FailReplay(command, subscription);
            if (isThere) journal.Progress(command, task, Math.Min(cursor, task.End));
            synced = command.Commit(admission);
        }

        return synced;
    }

    [LoggerMessage(EventId = 2601, Level = LogLevel.Error, Message = "The record at offset {Offset} of {Topic} is too large to be copied to its subscriptions in one frame, and is not.")]
    private partial void LogTooLarge(long offset, TopicKey topic);

    /// <summary>Records of one stored batch, by their numbers in the fan-out.</summary>
    private readonly record struct CopiedBatch(int First, int Count, long BaseOffset);

    private readonly record struct Step(CopyTask Task, LiveTopic Topic, FanOutCall? Copies, List<CopiedBatch> Batches, long Next);
}
