using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// Leases the oldest ready messages, waiting for the first where asked. The receive is synced before bodies are read and the answer is given, so that a
/// message is never with two receivers while a lease runs, whatever crashes. Messages past their retention are dropped on the way.
/// Cancellation counts until the command is sequenced; a waiting caller may leave at any time. Hot path.
/// </summary>
internal sealed class ReceiveMessages(QueueHost host)
{
    /// <summary>What is taken, what of that is past its retention, what of it the answer has no room for.</summary>
    private const int CommandsPerRound = 3;

    private static readonly BrokerError Exhausted = new(ErrorCode.Overloaded, "The server has no file descriptors or memory left to read the messages with.");

    private static readonly BrokerError TooManyWaiting = new(
        ErrorCode.TooManyWaiting, $"The queue has {QueueLimits.WaitingPerQueueMax} waiting receivers.");

    private static readonly BrokerError WrongAttemptId = new(
        ErrorCode.InvalidValue, $"attemptId is 1 to {QueueLimits.ReceiveAttemptIdBytesMax} bytes of UTF-8 without control characters.", "attemptId");

    private readonly TakenReader _reader = new(host);

    public async ValueTask<Result<ReceivedMessages>> RunAsync(QueueKey key, ReceiveRequest request, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Find(key, out LiveQueue queue) ?? Check(request);
        if (refusal is not null) return await host.ToldAsync(refusal);
        QueueDefinition definition = queue.Definition!;
        var take = new Take(request.Max, (request.LeaseSeconds ?? definition.LeaseSeconds) * 1_000L)
        {
            LeasedMax = request.LeasedMax,
            Wait = TimeSpan.FromSeconds(request.WaitSeconds ?? definition.ReceiveWaitSeconds),
            Started = host.Time.GetTimestamp(),
            Attempt = request.AttemptId is { } attempt ? Hash128.Of(Encoding.UTF8.GetBytes(attempt)) : null,
        };
        try
        {
            Result<ReceivedMessages> taken = await TakeAsync(queue, take, cancellationToken);
            return take.Waits ? await WaitAsync(queue, take, take.Waiter!, cancellationToken) : taken;
        }
        finally
        {
            take.Return();
        }
    }

    private static BrokerError TooManyLeased(int max) => new(ErrorCode.TooManyLeased, $"The queue has {max} leased messages or more; acknowledge or release some.");

    private static BrokerError? Check(in ReceiveRequest request)
    {
        if (request.Max is < 1 or > QueueLimits.ReceiveMax) return Range("max", 1, QueueLimits.ReceiveMax, request.Max);
        if (request.WaitSeconds is < 0 or > QueueLimits.ReceiveWaitSecondsMax) return Range("waitSeconds", 0, QueueLimits.ReceiveWaitSecondsMax, request.WaitSeconds.Value);
        if (request.AttemptId is { } attempt && !NameRules.IsLegal(attempt, QueueLimits.ReceiveAttemptIdBytesMax)) return WrongAttemptId;
        if (request.LeasedMax is < 1 or > QueueLimits.LeasedPerQueueMax) return Range("leasedMax", 1, QueueLimits.LeasedPerQueueMax, request.LeasedMax);
        return request.LeaseSeconds is < 0 or > QueueLimits.LeaseSecondsMax ? Range("leaseSeconds", 0, QueueLimits.LeaseSecondsMax, request.LeaseSeconds.Value) : null;
    }

    private static BrokerError Range(string field, int min, int max, int value) =>
        new(ErrorCode.InvalidValue, $"{field} is {min} to {max}, not {value}.", field);

    // Only who has found nothing needs a timer.
    private async ValueTask<Result<ReceivedMessages>> WaitAsync(LiveQueue queue, Take take, Waiter waiter, CancellationToken cancellationToken)
    {
        TimeSpan left = WaitLeft(take);
        TimeSpan wait = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        await using ITimer timer = host.Time.CreateTimer(static waiter => ((Waiter)waiter!).Leave(), waiter, wait, Timeout.InfiniteTimeSpan);
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static waiter => ((Waiter)waiter!).Leave(), waiter);
        try
        {
            while (true)
            {
                bool closed = await waiter.Ended == WaitEnd.Closed;
                if (closed && queue.Deleted) return await host.ToldAsync(QueueHost.QueueNotFound(queue.Key));
                if (closed) return ReceivedMessages.Empty;
                cancellationToken.ThrowIfCancellationRequested();
                if (waiter.HasLeft) return ReceivedMessages.Empty;
                Result<ReceivedMessages> taken = await TakeAsync(queue, take, cancellationToken);
                if (!taken.IsOk || !take.Waits) return taken;
            }
        }
        finally
        {
            // In all other cases the last round has done it.
            if (take.Waits) Settle(queue, waiter);
        }
    }

    // Until there is something to deliver or nothing left to take. A waiter is enlisted in the command that found nothing.
    private async ValueTask<Result<ReceivedMessages>> TakeAsync(LiveQueue queue, Take take, CancellationToken cancellationToken)
    {
        int expired = 0;
        while (true)
        {
            int bytes = BytesMax(take, take.Max);
            using Admission admission = await host.Engine.AdmitStateAsync(bytes, CommandsPerRound, cancellationToken);
            if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
            ValueTask synced = Sequence(admission, queue, take, bytes, out bool found);
            // Whoever waits has nothing to tell, and need not be held up.
            if (!take.Waits) await synced;
            if (!found) return QueueHost.QueueNotFound(queue.Key);
            if (take.Refusal is not null) return take.Refusal;
            if (take.Count == 0) return ReceivedMessages.Empty;

            ReceivedMessages messages = _reader.Read(queue, take, out int dead, out int read);
            if (dead > 0) await SequenceLost(queue, take, 0, dead, QueueEntryKind.Expired);
            if (read < take.Count) await SequenceLost(queue, take, read, take.Count, take.IsRepeat ? QueueEntryKind.Released : QueueEntryKind.Untaken);
            // Damaged ones alone are an answer too: with their receipts they can be acknowledged.
            if (messages.Count > 0 || messages.Damaged.Count > 0) return messages;
            messages.Dispose();
            if (read == 0) return Exhausted;
            expired += dead;
            if (expired >= QueueLimits.ExpiredPerReceiveMax) return ReceivedMessages.Empty;
        }
    }

    private static int BytesMax(Take take, int messages) =>
        Command.StateBytes(QueueEntryWriter.BytesMax(messages)) + (take.Attempt is null ? 0 : ReceiveAttempts.BytesMax(take.Max));

    private ValueTask Sequence(Admission admission, LiveQueue queue, Take take, int bytes, out bool found)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            Decide(command, queue, take, out found);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private void Decide(in Command command, LiveQueue queue, Take take, out bool found)
    {
        take.Clear();
        if (take.Waiter is { } waiter) host.Wakes.Settle(queue, waiter);
        found = !queue.Deleted;
        if (!found) return;
        QueueState state = queue.State;
        long now = host.Clock.NowMs();
        state.Advance(now);
        host.Aside.Notice(queue);
        take.Deadline = now + take.LeaseMs;
        if (take.Attempt is not null && ReceiveAttempts.TryRepeat(command, queue, take, now, host.Scratch))
        {
            host.Wakes.Wake(queue, now);
            return;
        }

        int max = Math.Min(take.Max, take.LeasedMax - state.Leased);
        if (max <= 0)
        {
            take.Refusal = TooManyLeased(take.LeasedMax);
            // What it was promised is for another one, whose bound is higher.
            if (state.Leased < QueueLimits.LeasedPerQueueMax) host.Wakes.Wake(queue, now);
            return;
        }

        RetryDefinition? retry = queue.Definition!.Retry;
        state.BeginTake(now);
        while (take.Count < max && state.TryTake(now, take.Deadline, retry, out long offset, out Delivery delivery)) take.Add(offset, delivery);
        if (take.Count == 0)
        {
            if (WaitLeft(take) > TimeSpan.Zero && !host.Wakes.IsClosed) Wait(queue, take);
            return;
        }

        var entry = new QueueEntryWriter(host.Scratch, retry is null ? QueueEntryKind.Received : QueueEntryKind.ReceivedToRetry, now);
        entry.Number(take.LeaseMs);
        if (retry is not null) entry.Retry(retry);
        for (int i = 0; i < take.Count; i++) entry.Offset(take.Offsets[i]);
        command.AppendState(queue.Stream, entry.Written);
        if (take.Attempt is not null) ReceiveAttempts.Remember(command, queue, take, now, host.Scratch);
        // A lease of nothing is over at once, and what this receive was promised and did not take is someone else's.
        host.Wakes.Wake(queue, now);
    }

    private TimeSpan WaitLeft(Take take) => take.Wait > TimeSpan.Zero ? take.Wait - host.Time.GetElapsedTime(take.Started) : TimeSpan.Zero;

    private void Wait(LiveQueue queue, Take take)
    {
        Waiter waiter = take.Waiter ??= new Waiter(take.Max);
        if (waiter.HasLeft) return;
        bool again = waiter.Rounds++ > 0;
        waiter.Again();
        take.Waits = host.Wakes.TryWait(queue, waiter, atFront: again);
        if (!take.Waits) take.Refusal = TooManyWaiting;
    }

    // The waiter's place and promise go back, and what it was promised goes to the next one.
    private void Settle(LiveQueue queue, Waiter waiter)
    {
        using Command command = host.Engine.BeginCommand(0);
        host.Wakes.Settle(queue, waiter);
        if (!queue.Deleted && !host.Wakes.IsClosed) host.Wakes.Wake(queue, host.Clock.NowMs());
    }

    // Those of the take that the answer does not carry: past their retention, or too much for one answer. A repeated attempt's may have been seen, and are given
    // back. Only while they are still ours: a lease of nothing may have gone to someone else meanwhile.
    private ValueTask SequenceLost(LiveQueue queue, Take take, int start, int end, QueueEntryKind kind)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(BytesMax(take, end - start)))
        {
            Lose(command, queue, take, start, end, kind);
            synced = command.Commit();
        }

        return synced;
    }

    private void Lose(in Command command, LiveQueue queue, Take take, int start, int end, QueueEntryKind kind)
    {
        if (queue.Deleted) return;
        long now = host.Clock.NowMs();
        queue.State.Advance(now);
        ReceiveAttempt? attempt = ReceiveAttempts.Find(queue.State, take, now);
        var entry = new QueueEntryWriter(host.Scratch, kind, now);
        for (int i = start; i < end; i++)
        {
            long offset = take.Offsets[i];
            if (!queue.State.TryGet(offset, out Delivery delivery) || delivery.ReceiveCount != take.Deliveries[i].ReceiveCount) continue;
            // A repeat of the attempt may have handed the same deliveries out; and what is over is not ours to end.
            if (take.Attempt is not null && kind != QueueEntryKind.Expired && delivery.State != take.Deadline) continue;
            if (kind == QueueEntryKind.Expired) queue.State.ApplyGone(offset);
            else if (kind == QueueEntryKind.Untaken) queue.State.ApplyUntaken(offset);
            else queue.State.ApplyReleased(offset, now);
            if (kind == QueueEntryKind.Released) entry.Offset(offset, 0);
            else entry.Offset(offset);
        }

        if (!entry.HasElements) return;
        command.AppendState(queue.Stream, entry.Written);
        if (attempt is not null) ReceiveAttempts.Reduce(command, queue, take, attempt, now, host.Scratch);
        host.Wakes.Wake(queue, now);
    }
}
