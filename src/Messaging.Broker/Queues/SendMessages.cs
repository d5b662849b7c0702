using System.Buffers;
using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// Stores messages, in one command for the whole call. One bad entry never fails the others.
/// Cancellation counts until the command is sequenced. Hot path.
/// </summary>
/// <remarks>
/// Bodies are encoded outside of the sequencer into one rented buffer, which the journal borrows until the commit has completed; then it is
/// returned here. When the commit throws, the process is about to end and the buffer is left to the collector.
/// </remarks>
internal sealed class SendMessages(QueueHost host)
{
    private static readonly BrokerError QueueFull = new(ErrorCode.QueueFull, "The queue holds as many messages as its maxMessages allows.");

    /// <summary>One accepted message within the buffer. <see cref="Length"/> 0: refused.</summary>
    internal struct Encoded
    {
        public int Start;
        public int Length;
        public Arrival Arrival;
        public bool HasId;
        public Hash128 Id;
    }

    /// <summary>One call on its way through the sequencer. Its arrays are the call's, until <see cref="Return"/>.</summary>
    internal readonly record struct Batch(
        byte[] Buffer, Encoded[] Encoded, int Count, long[] Offsets, SendOutcome[] Outcomes, long WindowMs, IdempotentCall? Guard)
    {
        public ReadOnlySpan<Encoded> Messages => Encoded.AsSpan(0, Count);
    }

    private static readonly BrokerError TooManyIds = new(
        ErrorCode.TooManyDeduplicationIds, $"The queue remembers {QueueLimits.DeduplicationIdsPerQueueMax} deduplication ids, as many as it can.");

    /// <summary>What else an entry may be told inside the sequencer: of both, the one that takes more room to remember.</summary>
    private static readonly BrokerError LongestOfSequencer = AnsweredRefusals.BytesMax(TooManyIds) > AnsweredRefusals.BytesMax(QueueFull) ? TooManyIds : QueueFull;

    public async ValueTask<Result<SendOutcome[]>> RunAsync(
        QueueKey key, ReadOnlyMemory<OutgoingMessage> messages, IdempotentRequest? request, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Find(key, messages.Length, out LiveQueue queue);
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
        Batch batch = Encode(messages.Span, definition, bytes, outcomes, guard);
        await Sequence(admission, queue, batch, commandBytes, out bool found);
        bool isSettled = guard is { IsSettled: true };
        if (found && !isSettled) Identify(queue, batch.Offsets, outcomes);
        Return(batch);
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
                ?? DeduplicationIds.Check(messages[i].DeduplicationId, definition.Deduplication, "queue", "messages", i);
            size += messageSize;
            if (refusal is not null) outcomes[i] = new SendOutcome(default, refusal);
            if (refusal is not null) continue;
            int recordBytes = RecordEncoder.Measure(messages[i], DeduplicationIds.Measure(messages[i].DeduplicationId, definition.Deduplication));
            needed += recordBytes;
            if (messages[i].ExpiresInMilliseconds > 0) expiring++;
            appended += Command.RecordBytes(recordBytes);
            if (IsLaned(messages[i])) laned++;
        }

        if (laned > 0) appended += Command.StateBytes(QueueEntryWriter.HeadBytesMax + (laned * QueueEntryWriter.LanedElementBytesMax));
        if (expiring > 0) appended += Command.StateBytes(QueueEntryWriter.BytesMax(expiring));
        if (definition.Deduplication is not null) appended += Command.StateBytes(QueueEntryWriter.HashedBytesMax(messages.Length));
        if (guard is not null) appended += guard.Reserve(SendAnswers.BytesMax(outcomes, LongestOfSequencer));
        if (size > BrokerLimits.CallBytesMax || appended > host.Engine.CommandBytesMax)
        {
            return new BrokerError(ErrorCode.BatchTooLarge, size > BrokerLimits.CallBytesMax
                ? $"The messages of one call have at most {BrokerLimits.CallBytesMax} bytes together, not {size}."
                : $"One call takes at most {host.Engine.CommandBytesMax} bytes of the journal, with what is kept beside each message; these take {appended}.");
        }

        (bytes, commandBytes) = ((int)needed, (int)appended);
        return null;
    }

    private static bool IsLaned(in OutgoingMessage message) => message.Group is not null || message.Priority > 0;

    /// <summary>All bodies in memory that is lent until the commit has completed; then <see cref="Return"/> it.</summary>
    public Batch Encode(ReadOnlySpan<OutgoingMessage> messages, QueueDefinition definition, int bytes, SendOutcome[] outcomes, IdempotentCall? guard)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(bytes);
        Encoded[] encoded = ArrayPool<Encoded>.Shared.Rent(messages.Length);
        long[] offsets = ArrayPool<long>.Shared.Rent(messages.Length);
        long dueFrom = host.Clock.NowMs();
        Encode(messages, definition, dueFrom, outcomes, buffer, encoded);
        return new Batch(buffer, encoded, messages.Length, offsets, outcomes, (definition.Deduplication?.WindowSeconds ?? 0) * 1_000L, guard);
    }

    public static void Return(in Batch batch)
    {
        ArrayPool<byte>.Shared.Return(batch.Buffer);
        ArrayPool<Encoded>.Shared.Return(batch.Encoded);
        ArrayPool<long>.Shared.Return(batch.Offsets);
    }

    /// <summary>Inside a command: why not all of the batch can be stored; null where all of it can.</summary>
    public static BrokerError? Judge(LiveQueue queue, in Batch batch)
    {
        if (queue.Definition!.MaxMessages is { } most && queue.Stream.LiveCount + batch.Count > most) return QueueFull;
        return batch.WindowMs > 0 && queue.State.Windows?.HasRoomForIds(batch.Count) == false ? TooManyIds : null;
    }

    private static void Encode(
        ReadOnlySpan<OutgoingMessage> messages, QueueDefinition definition, long dueFrom, SendOutcome[] outcomes, byte[] buffer, Encoded[] encoded)
    {
        int start = 0;
        DeduplicationDefinition? deduplication = definition.Deduplication;
        Span<byte> idBuffer = stackalloc byte[MessageLimits.DeduplicationIdBytesMax];
        Span<byte> group = stackalloc byte[BrokerLimits.NameBytesMax];
        for (int i = 0; i < messages.Length; i++)
        {
            encoded[i] = default;
            if (outcomes[i].Error is not null) continue;
            ref readonly OutgoingMessage message = ref messages[i];
            bool hasQueueDelay = message.HasQueueDelay;
            long delayMs = hasQueueDelay ? definition.DelaySeconds * 1_000L : message.DelayFrom(dueFrom);
            long expiresMs = message.ExpiresInMilliseconds > 0 ? dueFrom + message.ExpiresInMilliseconds : 0;
            Span<byte> id = idBuffer[..DeduplicationIds.Measure(message.DeduplicationId, deduplication)];
            if (!id.IsEmpty) DeduplicationIds.Write(message.DeduplicationId, message.Body.Span, id);
            int length = RecordEncoder.Write(buffer.AsSpan(start), message, delayMs == 0 ? 0 : dueFrom + delayMs, expiresMs, id);
            LaneKey lane = IsLaned(message) ? new LaneKey(LaneKey.HashOf(message.Group), message.Priority) : default;
            encoded[i] = new Encoded { Start = start, Length = length, Arrival = new Arrival(dueFrom, delayMs, hasQueueDelay, expiresMs, lane), HasId = !id.IsEmpty };
            if (!id.IsEmpty) encoded[i].Id = DeduplicationIds.Hash(deduplication!.Scope, group[..Encoding.UTF8.GetBytes(message.Group, group)], id);
            start += length;
        }
    }

    private ValueTask Sequence(Admission admission, LiveQueue queue, in Batch batch, int bytes, out bool found)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            Decide(command, queue, batch, out found);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private void Decide(in Command command, LiveQueue queue, in Batch batch, out bool found)
    {
        long now = host.Clock.NowMs();
        found = !queue.Deleted;
        if (!found) return;
        queue.State.Advance(now);
        if (batch.Guard is { } guard && (guard.Look(queue, now) || !guard.HasRoom(queue))) return;
        Append(command, queue, batch, now);
        if (batch.Guard is not null) Remember(command, queue, batch, now);
    }

    /// <summary>Inside a command, after the state was advanced: stores what is not refused, and says in the batch where.</summary>
    public void Append(in Command command, LiveQueue queue, in Batch batch, long now)
    {
        QueueState state = queue.State;
        ReadOnlySpan<Encoded> messages = batch.Messages;
        long room = queue.Definition!.MaxMessages is { } most ? Math.Max(0, most - queue.Stream.LiveCount) : long.MaxValue;
        var arrivals = new Arrivals(host, queue, now);
        for (int i = 0; i < messages.Length; i++)
        {
            if (messages[i].Length == 0) continue;
            ref readonly Encoded message = ref messages[i];
            if (message.HasId && !IsNew(state.OpenWindows(), message.Id, batch, i, now)) continue;
            if (room-- <= 0)
            {
                batch.Outcomes[i] = new SendOutcome(default, QueueFull);
                continue;
            }

            long offset = command.AppendRecord(queue.Stream, now, batch.Buffer.AsMemory(message.Start, message.Length));
            batch.Offsets[i] = offset;
            if (message.HasId) state.Windows!.ApplyDeduplicated(message.Id, offset, now + batch.WindowMs);
            arrivals.Add(command, offset, message.Arrival);
        }

        arrivals.End(command);
        if (batch.WindowMs > 0) AppendIds(command, queue, batch, now);
    }

    // False where nothing is stored: the message was sent before, and that may be in this call, or the queue remembers too much.
    private static bool IsNew(QueueWindows windows, in Hash128 id, in Batch batch, int index, long now)
    {
        if (windows.TryGetFirst(id, now, out long first))
        {
            batch.Offsets[index] = first;
            batch.Outcomes[index] = new SendOutcome(default, null, IsDuplicate: true);
            return false;
        }

        if (!windows.IsFullOfIds) return true;
        batch.Outcomes[index] = new SendOutcome(default, TooManyIds);
        return false;
    }

    private void AppendIds(in Command command, LiveQueue queue, in Batch batch, long now)
    {
        ReadOnlySpan<Encoded> messages = batch.Messages;
        var entry = new QueueEntryWriter(host.Scratch, QueueEntryKind.Deduplicated, now);
        entry.Number(batch.WindowMs);
        for (int i = 0; i < messages.Length; i++)
        {
            if (messages[i].HasId && batch.Outcomes[i] is { Error: null, IsDuplicate: false }) entry.Offset(batch.Offsets[i], messages[i].Id);
        }

        if (entry.HasElements) command.AppendState(queue.Stream, entry.Written);
    }

    private static void Remember(in Command command, LiveQueue queue, in Batch batch, long now)
    {
        if (Array.TrueForAll(batch.Outcomes, static outcome => outcome.Error is not null)) return;
        EntryWriter writer = batch.Guard!.BeginAnswer(queue, now);
        SendAnswers.Write(ref writer, batch.Outcomes, batch.Offsets);
        batch.Guard.Remember(command, queue, writer);
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
