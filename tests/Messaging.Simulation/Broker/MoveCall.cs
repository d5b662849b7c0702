using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;

namespace Messaging.Simulation.Broker;

/// <summary>
/// One turn of what moves messages in the background. How many go in a step is its own affair, so the model looks at what has gone and judges that each of it may:
/// what is gone here must be there, at once, and what a redrive says of itself must be what it has done.
/// </summary>
internal sealed class MoveCall(BrokerWorld world) : SimulatedCall(world)
{
    public override string ToString() => "move";

    protected override Task Ask(MessageBroker broker) => broker.MoveAsync().AsTask();

    protected override void Stepped(Step step, bool waitsForRoom, bool isFirst)
    {
        if (Task.IsFaulted)
        {
            return;
        }

        long now = World.NowMs;
        BrokerModel model = World.History.Current;
        var effects = new List<ModelEffect>();
        var redriven = new Dictionary<long, int>();
        foreach (ModelQueue queue in model.Queues.Values)
        {
            LiveQueue real = World.Real(queue);
            foreach (ModelMessage message in queue.Messages.Values.Where(message => real.Stream.IsReleased(message.Offset) && message.IsAlive(now)).OrderBy(message => message.Offset))
            {
                Check(message.IsReady(now), $"only what is ready moves: {queue.Number}, {message}");
                effects.Add(queue.IsDead(message) ? Dead(model, queue, message, now) : Redriven(model, queue, message, now, redriven));
            }
        }

        World.Coverage.Count("messages moved as dead", effects.Count - redriven.Values.Sum());
        World.Coverage.Count("messages redriven", redriven.Values.Sum());
        foreach (ModelOperation operation in model.Operations.Values.Where(operation => !operation.HasEnded))
        {
            if (Progressed(model, operation, redriven.GetValueOrDefault(operation.Number), now) is { } progressed)
            {
                effects.Add(new OperationIs(progressed));
            }
        }

        World.History.Sequence("move", effects);
    }

    // Nobody is answered: with nothing to move it waits for no sync.
    protected override void Judge()
    {
    }

    private MessageMoved Dead(BrokerModel model, ModelQueue queue, ModelMessage message, long now)
    {
        ModelQueue target = model.Queues[queue.DeadLetterQueue!.Value];
        var origin = new MessageOrigin(World.IdOf(queue, message), queue.Key, MoveReason.MaxReceives, null, message.CountedReceives, message.SentMs);
        return new MessageMoved(queue.Number, message.Offset, target.Number, message.Dead(origin, queue.Definition.Type == QueueType.Standard, now));
    }

    private static MessageMoved Redriven(BrokerModel model, ModelQueue queue, ModelMessage message, long now, Dictionary<long, int> redriven)
    {
        ModelOperation? operation = model.Operations.Values.FirstOrDefault(operation => operation.Queue == queue.Number && operation.Status == OperationStatus.Running);
        Check(operation is not null, $"only what has had all its deliveries moves by itself: {queue.Number}, {message}");
        Check(message.Offset >= operation!.Cursor && message.Offset < operation.EndOffset, $"{operation} takes what was there at its start, once: {message}");
        ModelQueue? target = operation.TargetOf(model, message);
        Check(operation.Takes(message) && target is not null, $"{operation} takes what it was asked to: {message}");
        redriven[operation.Number] = redriven.GetValueOrDefault(operation.Number) + 1;
        return new MessageMoved(queue.Number, message.Offset, target!.Number, message.Redriven(now));
    }

    // What the operation says now; null where it has not changed.
    private ModelOperation? Progressed(BrokerModel model, ModelOperation before, int moved, long now)
    {
        Check(World.Broker.OperationTable.TryGet(before.Number, out LongOperation? real), $"{before} is there");
        ModelOperation after = before with
        {
            Status = real!.Status, Cursor = real.Cursor, Moved = real.Moved, Failed = real.Failed, Skipped = real.Skipped,
        };
        if (after == before)
        {
            return null;
        }

        Check(after.Moved == before.Moved + moved, $"{after} has moved {moved} more than {before}");
        ModelMessage[] passed = model.Queues.TryGetValue(before.Queue, out ModelQueue? queue)
            ? [.. queue.Messages.Values.Where(message => message.Offset >= before.Cursor && message.Offset < after.Cursor && message.IsReady(now) && !queue.IsDead(message))]
            : [];
        Check(after.Skipped - before.Skipped <= passed.Count(message => !before.Takes(message)), $"{after} leaves out what its filter says: {before}");
        Check(
            World.IsRotten || after.Failed - before.Failed <= passed.Count(message => before.Takes(message) && before.TargetOf(model, message) is null),
            $"{after} fails what has nowhere to go: {before}");
        bool isWhole = after.Status switch
        {
            OperationStatus.Completed => before.Status == OperationStatus.Running && after.Cursor == after.EndOffset,
            OperationStatus.Cancelled => before.Status == OperationStatus.Cancelling,
            OperationStatus.Failed => queue is null || (before.Request.Destination is { } name && model.Find(before.Key with { Name = name }) is null),
            _ => after.Status == before.Status,
        };
        Check(isWhole, $"{before} does not become {after}");
        World.Coverage.Count($"redrives that became {after.Status}", after.HasEnded ? 1 : 0);
        return after;
    }
}
