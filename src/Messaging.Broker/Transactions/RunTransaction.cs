using Messaging.Broker.Groups;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Transactions;

/// <summary>
/// Operations on any queues, topics and groups, all or nothing, in one command and so in one frame: what happened between its calls was seen by nobody. A refusal is that of the first operation
/// which can't be done, with its place. Cancellation counts until the command is sequenced.
/// </summary>
internal sealed class RunTransaction(TopicHost host, GroupHost groups)
{
    private const string Place = "operations";

    private readonly AcknowledgeMessages _acknowledge = new(host.Shared);
    private readonly SendMessages _send = new(host.Shared);
    private readonly PublishRecords _publish = new(host);

    public async ValueTask<Result<TransactionResult[]>> RunAsync(
        IReadOnlyList<TransactionOperation> operations, IdempotentRequest? request, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (host.Shared.WhyStopping() is { } stopping) return stopping;
        BrokerError? refusal = EntryCount.Check(operations.Count, Place, BrokerLimits.TransactionOperationsMax) ?? WhyTwice(operations);
        if (refusal is not null) return refusal;
        using IdempotentCall? guard = request is { } asked ? new IdempotentCall(host.Shared, asked) : null;
        IRemembering? memory = null;
        if (guard is not null)
        {
            refusal = FindMemory(operations, out memory);
            if (refusal is not null) return await host.ToldAsync(refusal);
            if (await guard.LookAsync(memory!)) return Again(guard, operations);
        }

        while (true)
        {
            Result<TransactionResult[]>? result = await TryAsync(operations, guard, memory, cancellationToken);
            if (result is { } done) return done;
        }
    }

    // Null where subscriptions have changed meanwhile, so that others would get what is published.
    private async ValueTask<Result<TransactionResult[]>?> TryAsync(
        IReadOnlyList<TransactionOperation> operations, IdempotentCall? guard, IRemembering? memory, CancellationToken cancellationToken)
    {
        BrokerError? refusal = null;
        var parts = new ITransactionPart[operations.Count];
        int made = 0;
        for (; refusal is null && made < parts.Length; made++)
        {
            Result<ITransactionPart> part = Make(operations[made]);
            if (!part.IsOk) refusal = At(made, operations[made].Kind, part.Error);
            if (refusal is not null) break;
            parts[made] = part.Value;
        }

        bool isStale = false;
        try
        {
            if (refusal is null) (refusal, isStale) = await RunAsync(parts, guard, memory, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Before anything was appended.
            Dispose(parts.AsSpan(0, made));
            throw;
        }

        bool isDone = refusal is null && !isStale && guard is not { IsSettled: true };
        TransactionResult[] results = isDone ? Array.ConvertAll(parts, static part => part.Tell()) : [];
        // Not where the commit has thrown: the process is about to end, and the journal may still read what was lent.
        Dispose(parts.AsSpan(0, made));
        if (refusal is not null) return await host.ToldAsync(refusal);
        if (isStale) return null;
        return isDone ? results : Again(guard!, operations);
    }

    private static void Dispose(ReadOnlySpan<ITransactionPart> parts)
    {
        foreach (ITransactionPart part in parts) part.Dispose();
    }

    private async ValueTask<(BrokerError? Refusal, bool IsStale)> RunAsync(ITransactionPart[] parts, IdempotentCall? guard, IRemembering? memory, CancellationToken cancellationToken)
    {
        long bytes = guard?.Reserve(TransactionAnswers.BytesMax(parts)) ?? 0;
        bool hasRecords = false;
        foreach (ITransactionPart part in parts)
        {
            bytes += part.Bytes;
            hasRecords |= part.HasRecords;
        }

        if (bytes > host.Engine.CommandBytesMax) return (PublishRecords.TooLarge(host, bytes, Place), false);
        using Admission admission = hasRecords
            ? await host.Engine.AdmitRecordsAsync((int)bytes, cancellationToken)
            : await host.Engine.AdmitStateAsync((int)bytes, cancellationToken);
        if (admission.IsRefused) return (await host.WhyNotAdmittedAsync(), false);
        await Sequence(admission, parts, guard, memory, (int)bytes, out BrokerError? refusal, out bool isStale);
        return (refusal, isStale);
    }

    private ValueTask Sequence(
        Admission admission, ITransactionPart[] parts, IdempotentCall? guard, IRemembering? memory, int bytes, out BrokerError? refusal, out bool isStale)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            long now = host.Clock.NowMs();
            memory?.Advance(now);
            bool isSettled = guard is not null && (guard.Look(memory!, now) || !guard.HasRoom(memory!));
            isStale = !isSettled && Array.Exists(parts, static part => part.IsStale);
            refusal = isSettled || isStale ? null : Judge(command, parts, now);
            if (!isSettled && !isStale && refusal is null) Do(command, parts, guard, memory, now);
            synced = command.Commit(admission);
        }

        return synced;
    }

    private static void Do(in Command command, ITransactionPart[] parts, IdempotentCall? guard, IRemembering? memory, long now)
    {
        foreach (ITransactionPart part in parts) part.Do(command, now);
        if (guard is null) return;
        EntryWriter writer = guard.BeginAnswer(memory!, now);
        TransactionAnswers.Write(ref writer, parts);
        guard.Remember(command, memory!, writer);
    }

    // What the first transaction of the same idempotency key was answered.
    private Result<TransactionResult[]> Again(IdempotentCall guard, IReadOnlyList<TransactionOperation> operations)
    {
        if (guard.Refusal is { } refusal) return refusal;
        return TransactionAnswers.TryRead(guard.Answer, operations, Identify) is { } results ? results : IdempotentCall.Reused;
    }

    // A queue that has gone since has taken the names of its messages with it.
    private bool Identify(QueueKey key, long[] offsets, SendOutcome[] outcomes)
    {
        if (host.Shared.Find(key, out LiveQueue queue) is null) _send.Identify(queue, offsets, outcomes);
        return true;
    }

    // Where an idempotency key is remembered: with the first queue or topic.
    private BrokerError? FindMemory(IReadOnlyList<TransactionOperation> operations, out IRemembering? memory)
    {
        memory = null;
        for (int i = 0; i < operations.Count; i++)
        {
            QueueKey? queue = operations[i] switch
            {
                TransactionOperation.Acknowledge acknowledge => acknowledge.Queue,
                TransactionOperation.Send send => send.Queue,
                _ => null,
            };
            BrokerError? refusal = null;
            if (queue is { } key)
            {
                refusal = host.Shared.Find(key, out LiveQueue live);
                memory = live;
            }
            else if (operations[i] is TransactionOperation.Publish publish)
            {
                refusal = host.Find(publish.Topic, out LiveTopic topic);
                memory = topic?.First;
            }

            if (refusal is not null) return At(i, operations[i].Kind, refusal);
            if (memory is not null) return null;
        }

        return new BrokerError(ErrorCode.InvalidValue, "A transaction that only commits offsets has the same effect however often it is sent: leave the key out.");
    }

    private static BrokerError? Judge(in Command command, ITransactionPart[] parts, long now)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].Judge(now) is { } refusal) return At(i, parts[i].Kind, refusal);
        }

        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].DecideLast(command) is { } refusal) return At(i, parts[i].Kind, refusal);
        }

        return null;
    }

    private Result<ITransactionPart> Make(TransactionOperation operation) => operation switch
    {
        TransactionOperation.Acknowledge acknowledge => AcknowledgePart.Make(host.Shared, _acknowledge, acknowledge),
        TransactionOperation.Send send => SendPart.Make(host.Shared, _send, send),
        TransactionOperation.Publish publish => PublishPart.Make(host, _publish, publish),
        TransactionOperation.Commit commit => CommitPart.Make(groups, commit),
        _ => throw new System.Diagnostics.UnreachableException($"An operation {operation.GetType().Name} has no part."),
    };

    // Parts are judged as if each were alone: of two on one resource, the second would be judged by what the first is about to change.
    private static BrokerError? WhyTwice(IReadOnlyList<TransactionOperation> operations)
    {
        var seen = new HashSet<(Type, object)>();
        for (int i = 0; i < operations.Count; i++)
        {
            object resource = operations[i] switch
            {
                TransactionOperation.Acknowledge acknowledge => acknowledge.Queue,
                TransactionOperation.Send send => send.Queue,
                TransactionOperation.Publish publish => publish.Topic,
                // One of all groups: it decides by doing, so that a second one could not be refused any more.
                _ => nameof(TransactionOperation.Commit),
            };
            if (seen.Add((operations[i].GetType(), resource))) continue;
            return new BrokerError(ErrorCode.InvalidValue, "A transaction has one operation of a kind on a queue or topic, and one commit: put all entries into it.", $"{Place}[{i}]");
        }

        return null;
    }

    private static BrokerError At(int operation, string kind, BrokerError error) =>
        error with { Field = error.Field is null ? $"{Place}[{operation}]" : $"{Place}[{operation}].{kind}.{error.Field}" };
}
