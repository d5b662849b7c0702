using System.Buffers;
using System.Runtime.CompilerServices;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// Stores messages, in one command for the whole call. One bad entry never fails the others.
/// Cancellation counts until the command is sequenced. Hot path.
/// </summary>
internal sealed class SendMessages(QueueHost host)
{
    /// <summary>The list of a call.</summary>
    public const string Place = "messages";

    private static readonly BrokerError QueueFull = new(ErrorCode.QueueFull, "The queue holds as many messages as its maxMessages allows.");

    private static readonly BrokerError TooManyIds = new(
        ErrorCode.TooManyDeduplicationIds, $"The queue remembers {QueueLimits.DeduplicationIdsPerQueueMax} deduplication ids, as many as it can.");

    /// <summary>What else an entry may be told inside the sequencer: of both, the one that takes more room to remember.</summary>
    private static readonly BrokerError LongestOfSequencer = AnsweredRefusals.BytesMax(TooManyIds) > AnsweredRefusals.BytesMax(QueueFull) ? TooManyIds : QueueFull;

    // Pooled: the state of a call that waits for its sync is half a KiB.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Result<SendOutcome[]>> RunAsync(
        QueueKey key, ReadOnlyMemory<OutgoingMessage> messages, IdempotentRequest? request, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Find(key, messages.Length, Place, out LiveQueue queue);
        if (refusal is not null) return await host.ToldAsync(refusal);
        using IdempotentCall? guard = request is { } asked ? new IdempotentCall(host, asked) : null;
        if (guard is not null && await guard.LookAsync(queue)) return Again(guard, queue, messages.Length);
        var outcomes = new SendOutcome[messages.Length];
        QueueDefinition definition = queue.Definition!;
        long dueFrom = host.Clock.NowMs();
        refusal = Check(messages.Span, definition, dueFrom, guard, outcomes, out int bytes, out int commandBytes);
        if (refusal is not null) return await host.ToldAsync(refusal);
        if (bytes == 0)
        {
            await host.Engine.SyncedAsync();
            return outcomes;
        }

        using Admission admission = await host.Engine.AdmitRecordsAsync(commandBytes, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        EncodedMessages encoded = Encode(messages.Span, definition, bytes, outcomes);
        await Sequence(admission, queue, encoded, guard, commandBytes, out bool found);
        bool isSettled = guard is { IsSettled: true };
        if (found && !isSettled) Identify(queue, encoded.Offsets, outcomes);
        encoded.Dispose();
        if (!found) return QueueHost.QueueNotFound(key);
        return isSettled ? Again(guard!, queue, messages.Length) : outcomes;
    }

    /// <summary>What is wrong with the call as a whole; with single messages, in <paramref name="outcomes"/>. Bytes of all bodies, and the most that the command appends.</summary>
    public BrokerError? Check(
        ReadOnlySpan<OutgoingMessage> messages, QueueDefinition definition, long now, IdempotentCall? guard, SendOutcome[] outcomes, out int bytes, out int commandBytes)
    {
        long size = 0;
        long needed = 0;
        long appended = Command.StateBytes(QueueEntryWriter.HeadBytesMax) + Command.StateBytes(QueueEntryWriter.BytesMax(messages.Length));
        int expiring = 0;
        int laned = 0;
        MessageRules rules = definition.MessageRules;
        (bytes, commandBytes) = (0, 0);
        for (int i = 0; i < messages.Length; i++)
        {
            BrokerError? refusal = RecordEncoder.Check(messages[i], rules, now, i, out long messageSize)
                ?? DeduplicationIds.Check(messages[i].DeduplicationId, definition.Deduplication, "queue", Place, i);
            size += messageSize;
            if (refusal is not null) outcomes[i] = new SendOutcome(default, refusal);
            if (refusal is not null) continue;
            int recordBytes = RecordEncoder.Measure(messages[i], DeduplicationIds.Measure(messages[i].DeduplicationId, definition.Deduplication));
            needed += recordBytes;
            if (messages[i].ExpiresInMilliseconds > 0) expiring++;
            appended += Command.RecordBytes(recordBytes);
            if (EncodedMessages.IsLaned(messages[i])) laned++;
        }

        if (laned > 0) appended += Command.StateBytes(QueueEntryWriter.HeadBytesMax + (laned * QueueEntryWriter.LanedElementBytesMax));
        if (expiring > 0) appended += Command.StateBytes(QueueEntryWriter.BytesMax(expiring));
        if (definition.Deduplication is not null) appended += Command.StateBytes(QueueEntryWriter.HashedBytesMax(messages.Length));
        if (guard is not null) appended += guard.Reserve(SendAnswers.BytesMax(outcomes, LongestOfSequencer));
        if (size > BrokerLimits.CallBytesMax || appended > host.Engine.CommandBytesMax)
        {
            return new BrokerError(ErrorCode.BatchTooLarge, size > BrokerLimits.CallBytesMax
                ? $"The messages of one call have at most {BrokerLimits.CallBytesMax} bytes together, not {size}."
                : $"One call takes at most {host.Engine.CommandBytesMax} bytes of the journal, with what is kept beside each message; these take {appended}.", Place);
        }

        (bytes, commandBytes) = ((int)needed, (int)appended);
        return null;
    }

    /// <summary>What is not refused, at this moment. In memory that is lent until the commit has completed: dispose it then.</summary>
    public EncodedMessages Encode(ReadOnlySpan<OutgoingMessage> messages, QueueDefinition definition, int bytes, SendOutcome[] outcomes) =>
        EncodedMessages.Encode(messages, definition, bytes, host.Clock.NowMs(), outcomes);

    /// <summary>Inside a command: why not all of the messages can be stored; null where all of them can.</summary>
    public static BrokerError? Judge(LiveQueue queue, in EncodedMessages encoded)
    {
        if (queue.Definition!.MaxMessages is { } most && queue.Stream.LiveCount + encoded.Outcomes.Length > most) return QueueFull;
        return encoded.WindowMs > 0 && queue.State.Windows?.HasRoomForIds(encoded.Outcomes.Length) == false ? TooManyIds : null;
    }

    private ValueTask Sequence(Admission admission, LiveQueue queue, in EncodedMessages encoded, IdempotentCall? guard, int bytes, out bool found)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            Decide(command, queue, encoded, guard, out found);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private void Decide(in Command command, LiveQueue queue, in EncodedMessages encoded, IdempotentCall? guard, out bool found)
    {
        long now = host.Clock.NowMs();
        found = !queue.Deleted;
        if (!found) return;
        queue.State.Advance(now);
        if (guard is not null && (guard.Look(queue, now) || !guard.HasRoom(queue))) return;
        Append(command, queue, encoded, now);
        if (guard is not null) Remember(command, queue, encoded, guard, now);
    }

    /// <summary>Inside a command, after the state was advanced: stores what is not refused, and says where.</summary>
    public void Append(in Command command, LiveQueue queue, in EncodedMessages encoded, long now)
    {
        QueueState state = queue.State;
        ReadOnlySpan<EncodedMessages.Encoded> messages = encoded.Messages;
        long room = queue.Definition!.MaxMessages is { } most ? Math.Max(0, most - queue.Stream.LiveCount) : long.MaxValue;
        var arrivals = new Arrivals(host, queue, now);
        for (int i = 0; i < messages.Length; i++)
        {
            if (messages[i].Length == 0) continue;
            ref readonly EncodedMessages.Encoded message = ref messages[i];
            if (message.HasId && !IsNew(state.OpenWindows(), message.Id, encoded, i, now)) continue;
            if (room-- <= 0)
            {
                encoded.Outcomes[i] = new SendOutcome(default, QueueFull);
                continue;
            }

            long offset = encoded.Append(command, queue.Stream, message, now);
            encoded.Offsets[i] = offset;
            if (message.HasId) state.Windows!.ApplyDeduplicated(message.Id, offset, now + encoded.WindowMs);
            arrivals.Add(command, offset, message.Arrival);
        }

        arrivals.End(command);
        if (encoded.WindowMs > 0) AppendIds(command, queue, encoded, now);
    }

    // False where nothing is stored: the message was sent before, and that may be in this call, or the queue remembers too much.
    private static bool IsNew(QueueWindows windows, in Hash128 id, in EncodedMessages encoded, int index, long now)
    {
        if (windows.TryGetFirst(id, now, out long first))
        {
            encoded.Offsets[index] = first;
            encoded.Outcomes[index] = new SendOutcome(default, null, IsDuplicate: true);
            return false;
        }

        if (!windows.IsFullOfIds) return true;
        encoded.Outcomes[index] = new SendOutcome(default, TooManyIds);
        return false;
    }

    private void AppendIds(in Command command, LiveQueue queue, in EncodedMessages encoded, long now)
    {
        ReadOnlySpan<EncodedMessages.Encoded> messages = encoded.Messages;
        var entry = new QueueEntryWriter(host.Scratch, QueueEntryKind.Deduplicated, now);
        entry.Number(encoded.WindowMs);
        for (int i = 0; i < messages.Length; i++)
        {
            if (messages[i].HasId && encoded.Outcomes[i] is { Error: null, IsDuplicate: false }) entry.Offset(encoded.Offsets[i], messages[i].Id);
        }

        if (entry.HasElements) command.AppendState(queue.Stream, entry.Written);
    }

    private static void Remember(in Command command, LiveQueue queue, in EncodedMessages encoded, IdempotentCall guard, long now)
    {
        if (Array.TrueForAll(encoded.Outcomes, static outcome => outcome.Error is not null)) return;
        EntryWriter writer = guard.BeginAnswer(queue, now);
        SendAnswers.Write(ref writer, encoded.Outcomes, encoded.Offsets);
        guard.Remember(command, queue, writer);
    }

    // What the first call of the same idempotency key was answered.
    private Result<SendOutcome[]> Again(IdempotentCall guard, LiveQueue queue, int count)
    {
        if (guard.Refusal is { } refusal) return refusal;
        var outcomes = new SendOutcome[count];
        long[] offsets = ArrayPool<long>.Shared.Rent(count);
        bool isWhole = SendAnswers.TryRead(guard.Answer, outcomes, offsets);
        if (isWhole) Identify(queue, offsets, outcomes);
        ArrayPool<long>.Shared.Return(offsets);
        return isWhole ? outcomes : IdempotentCall.Reused;
    }

    /// <summary>The ids of what was stored.</summary>
    public void Identify(LiveQueue queue, long[] offsets, SendOutcome[] outcomes)
    {
        MessageId[] ids = ArrayPool<MessageId>.Shared.Rent(outcomes.Length);
        for (int i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Error is not null) offsets[i] = 0;
        }

        host.Keys.Identify(queue.Stream.Id, offsets.AsSpan(0, outcomes.Length), ids);
        for (int i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Error is null) outcomes[i] = outcomes[i] with { Id = ids[i], Sequence = queue.State.IsOrdered ? offsets[i] : null };
        }

        ArrayPool<MessageId>.Shared.Return(ids);
    }
}
