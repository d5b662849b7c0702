using Messaging.Broker.Catalog;
using Messaging.Broker.FanOut;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;
using Microsoft.Extensions.Logging;

namespace Messaging.Broker.Copies;

/// <summary>
/// Lets what subscriptions have gathered go on to their queues, step by step: records are read outside of the sequencer; one command appends them there, as if they were published now but for what they say of their time, and releases them here, in one
/// frame, so that each arrives once whatever crashes. The step that leaves nothing ends the gathering in that same frame: what is published after it goes to the queue itself, and passes nothing. Of
/// an ordered topic all goes on to gather until then, so that those who publish are held for the last steps. Not to be called twice at once.
/// </summary>
internal sealed partial class DrainRunner(TopicHost host, SubscriptionJournal journal, SubscriptionDirectory subscriptions, ILogger logger)
{
    // What was under way when publishes were held is there by the second.
    private const int HeldStepsMax = 4;

    private static readonly int EndBytes = Command.StateBytes(QueueEntryWriter.BytesMax(SubscriptionLimits.CopyRecordsMax)) + SubscriptionJournal.EndGatheringBytesMax;

    private readonly long[] _offsets = new long[SubscriptionLimits.CopyRecordsMax];

    /// <summary>One step of each; false when there is nothing to do now.</summary>
    public async ValueTask<bool> StepAsync()
    {
        bool any = false;
        foreach (LiveSubscription subscription in Draining())
        {
            if (host.Shared.IsStopping) return false;
            any |= await StepAsync(subscription);
        }

        return any;
    }

    private LiveSubscription[] Draining()
    {
        using Command command = host.Engine.BeginCommand(0);
        return [.. subscriptions.Draining];
    }

    private async ValueTask<bool> StepAsync(LiveSubscription subscription)
    {
        // Only what is synced can be read.
        await Look(subscription, out LiveTopic? topic, out LiveQueue? gathering, out int found);
        if (topic is null || gathering is null) return false;
        if (!gathering.State.IsOrdered || found == _offsets.Length) return await MoveSomeAsync(subscription, topic, gathering, found);
        topic.Subscriptions.Hold();
        try
        {
            return await EndAsync(subscription, topic, gathering, found);
        }
        finally
        {
            topic.Subscriptions.Release();
        }
    }

    // All of it that there is.
    private async ValueTask<bool> EndAsync(LiveSubscription subscription, LiveTopic topic, LiveQueue gathering, int found)
    {
        bool goesOn = await MoveSomeAsync(subscription, topic, gathering, found);
        for (int steps = 1; goesOn && steps < HeldStepsMax; steps++)
        {
            await Look(subscription, out _, out LiveQueue? rest, out found);
            if (rest != gathering) return false;
            goesOn = await MoveSomeAsync(subscription, topic, gathering, found);
        }

        return goesOn;
    }

    private async ValueTask<bool> MoveSomeAsync(LiveSubscription subscription, LiveTopic topic, LiveQueue gathering, int found)
    {
        for (int count = found; count > 0; count /= 2)
        {
            if (await TryMoveAsync(subscription, topic, gathering, count) is { } goesOn) return goesOn;
        }

        // Nothing is there, or the first one is larger than a command with what a copy adds to it.
        if (found > 0) LogTooLarge(subscription.Key.Name, topic.Key);
        return await MoveAsync(new Step(subscription, topic, gathering, null, Math.Min(found, 1)), EndBytes);
    }

    private ValueTask Look(LiveSubscription subscription, out LiveTopic? topic, out LiveQueue? gathering, out int found)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(0))
        {
            (topic, gathering, found) = (null, null, 0);
            if (subscription is { Deleted: false, IsDraining: true } && host.Topics.TryGet(subscription.Key.Topic, out topic))
            {
                gathering = subscription.Gathering!;
                LogStream stream = gathering.Stream;
                for (long next = stream.NextLive(stream.Low); next < stream.Next && found < _offsets.Length; next = stream.NextLive(next + 1)) _offsets[found++] = next;
            }

            synced = command.Commit();
        }

        return synced;
    }

    // Null where so many are too much for one command.
    private async ValueTask<bool?> TryMoveAsync(LiveSubscription subscription, LiveTopic topic, LiveQueue gathering, int count)
    {
        var scope = new CopyScope(subscription, 0) { PassesGathering = true, IsChosen = true };
        using FanOutCall? copies = FanOutCall.Begin(host.Shared, topic.Subscriptions, topic.Key, count, topic.Definition.Type == TopicType.Fifo, scope);
        if (copies is null) return false;
        int read = Read(gathering, count, copies);
        if (read == 0) return false;
        copies.Match();
        long bytes = EndBytes + copies.Bytes;
        return bytes > host.Engine.CommandBytesMax ? null : await MoveAsync(new Step(subscription, topic, gathering, copies, read), (int)bytes);
    }

    // Returns how many of them are read, or never will be: the first that can't be read for now ends it.
    private int Read(LiveQueue gathering, int count, FanOutCall copies)
    {
        using RecordSet records = host.Engine.Read(gathering.Stream, _offsets.AsSpan(0, count), SubscriptionLimits.CopyBytesMax);
        for (int i = 0; i < records.Count; i++)
        {
            StoredRecord record = records[i];
            if (record.State == StoredRecordState.Unreadable) return i;
            if (record.State == StoredRecordState.Present && RecordDecoder.TryRead(record.Body, out RecordDecoder.Decoded decoded) && decoded.PublishedAt is { } place)
            {
                copies.AddGathered(gathering.Stream, record, decoded, place);
            }
        }

        return records.Count;
    }

    private async ValueTask<bool> MoveAsync(Step step, int bytes)
    {
        using Admission admission = step.Copies is null ? await host.Engine.AdmitStateAsync(bytes, CancellationToken.None) : await host.Engine.AdmitRecordsAsync(bytes, CancellationToken.None);
        if (admission.IsRefused) return false;
        await Sequence(admission, step, bytes, out bool goesOn);
        return goesOn;
    }

    // It goes on also where subscriptions have changed meanwhile: the step is made again.
    private ValueTask Sequence(Admission admission, in Step step, int bytes, out bool goesOn)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            goesOn = step.Subscription.Gathering == step.Gathering && step.Subscription.IsDraining;
            if (goesOn && !IsStale(step)) goesOn = Do(command, step);
            synced = command.Commit(admission);
        }

        return synced;
    }

    // Retention may have been there.
    private bool IsStale(in Step step)
    {
        for (int i = 0; i < step.Count; i++)
        {
            if (step.Gathering.State.IsGone(_offsets[i])) return true;
        }

        return step.Copies is not null && FanOutCall.IsStale(step.Topic.Subscriptions, step.Copies);
    }

    private bool Do(in Command command, in Step step)
    {
        long now = host.Clock.NowMs();
        // A queue that remembers as many ids as it can gets them when it has forgotten some.
        if (step.Copies?.Judge(now) is not null) return false;
        step.Copies?.AppendGathered(command, now);
        QueueState state = step.Gathering.State;
        state.Advance(now);
        var away = new QueueEntryWriter(host.Shared.Scratch, QueueEntryKind.MovedAway, now);
        for (int i = 0; i < step.Count; i++)
        {
            state.ApplyGone(_offsets[i]);
            away.Offset(_offsets[i]);
        }

        bool isEmpty = step.Gathering.Stream.LiveCount == 0;
        // The stream's end says it as well.
        if (away.HasElements && !isEmpty) command.AppendState(step.Gathering.Stream, away.Written);
        if (isEmpty) journal.EndGathering(command, step.Subscription);
        return !isEmpty;
    }

    [LoggerMessage(EventId = 2602, Level = LogLevel.Error, Message = "A message that the subscription {Subscription} of {Topic} has gathered is too large to be copied in one frame, and is not.")]
    private partial void LogTooLarge(SubscriptionName subscription, TopicKey topic);

    /// <summary>The first ones of what was found.</summary>
    private readonly record struct Step(LiveSubscription Subscription, LiveTopic Topic, LiveQueue Gathering, FanOutCall? Copies, int Count);
}
