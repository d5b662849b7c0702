using Messaging.Broker.Catalog;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Moves;

/// <summary>
/// Starts a redrive, which <see cref="RedriveRunner"/> carries on, also after a restart; once for each idempotency key. Cancellation counts until the command is sequenced.
/// </summary>
internal sealed class StartRedrive(QueueHost host, OperationJournal journal)
{
    // Operations have ids of the system stream, in which no message is.
    private const long SystemStreamId = 0;

    public async ValueTask<Result<LongOperation>> RunAsync(QueueKey key, RedriveRequest request, IdempotentRequest? asked, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Find(key, out LiveQueue queue);
        if (refusal is not null) return await host.ToldAsync(refusal);
        using IdempotentCall? guard = asked is { } given ? new IdempotentCall(host, given) : null;
        if (guard is not null && await guard.LookAsync(queue)) return Again(guard, queue, request);
        refusal = request.Validate();
        if (refusal is not null) return await host.ToldAsync(refusal);
        int bytes = OperationJournal.StartedBytes(Describe(queue, request, long.MaxValue, default, long.MaxValue)) + (guard?.Reserve(RedriveAnswer.BytesMax) ?? 0);
        using Admission admission = await host.Engine.AdmitRecordsAsync(bytes, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(queue, request, guard, bytes, out Result<LongOperation>? decided);
        if (decided is not { } started) return Again(guard!, queue, request);
        if (started.IsOk) host.Aside.Signal();
        return started;
    }

    private static LongOperation Describe(LiveQueue queue, RedriveRequest request, long number, OperationId id, long now) => new()
    {
        Number = number,
        Id = id,
        StreamId = queue.Stream.Id,
        Queue = queue.Key,
        Request = request,
        EndOffset = number == long.MaxValue ? long.MaxValue : queue.Stream.Next,
        ApproximateTotal = number == long.MaxValue ? long.MaxValue : queue.State.Deliverable,
        StartedMs = now,
    };

    // What the first call of the same idempotency key was answered.
    private static Result<LongOperation> Again(IdempotentCall guard, LiveQueue queue, RedriveRequest request) =>
        guard.Refusal is { } refusal ? refusal : RedriveAnswer.Read(guard.Answer, queue, request);

    private ValueTask Sequence(LiveQueue queue, RedriveRequest request, IdempotentCall? guard, int bytes, out Result<LongOperation>? decided)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            decided = Decide(command, queue, request, guard);
            synced = command.Commit();
        }

        return synced;
    }

    // Null where an idempotency key has settled it.
    private Result<LongOperation>? Decide(in Command command, LiveQueue queue, RedriveRequest request, IdempotentCall? guard)
    {
        if (queue.Deleted) return QueueHost.QueueNotFound(queue.Key);
        long now = host.Clock.NowMs();
        queue.State.Advance(now);
        if (guard is not null && (guard.Look(queue, now) || !guard.HasRoom(queue))) return null;
        if (CheckDestination(queue, request) is { } refusal) return refusal;
        OperationTable operations = journal.Operations;
        if (operations.IsActive(queue.Stream.Id)) return new BrokerError(ErrorCode.RedriveRunning, $"A redrive of \"{queue.Key.Name}\" goes on; wait for its end or cancel it.");
        if (operations.ActiveCount >= BrokerLimits.OperationsActiveMax) return new BrokerError(ErrorCode.Overloaded, $"{BrokerLimits.OperationsActiveMax} operations go on at once.");
        long number = operations.LastNumber + 1;
        LongOperation operation = Describe(queue, request, number, NewId(number), now);
        journal.Start(command, host.Engine, operation);
        if (guard is not null) Remember(command, queue, operation, guard, now);
        return operation;
    }

    private static void Remember(in Command command, LiveQueue queue, LongOperation operation, IdempotentCall guard, long now)
    {
        EntryWriter writer = guard.BeginAnswer(queue, now);
        RedriveAnswer.Write(ref writer, operation);
        guard.Remember(command, queue, writer);
    }

    private BrokerError? CheckDestination(LiveQueue queue, RedriveRequest request)
    {
        if (request.Destination is not { } name) return null;
        if (name == queue.Key.Name) return new BrokerError(ErrorCode.InvalidValue, "Messages are redriven to another queue.", "destination");
        if (!host.Queues.TryGet(queue.Key with { Name = name }, out LiveQueue? target)) return QueueHost.QueueNotFound(queue.Key with { Name = name }) with { Field = "destination" };
        return target.Definition!.Type == queue.Definition!.Type
            ? null
            : new BrokerError(ErrorCode.InvalidValue, $"The queue \"{name}\" is of the other type.", "destination");
    }

    private OperationId NewId(long number)
    {
        Span<MessageId> id = stackalloc MessageId[1];
        host.Keys.Identify(SystemStreamId, [number], id);
        Span<byte> bytes = stackalloc byte[OperationId.Bytes];
        id[0].TryCopyTo(bytes);
        return new OperationId(bytes);
    }
}
