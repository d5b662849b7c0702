using Messaging.Broker.Messages;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Simulation.Harness;
using Messaging.Storage;

namespace Messaging.Simulation.Broker;

/// <summary>Compares all that a broker holds with a model of it, message by message.</summary>
internal sealed class RecoveryJudge(BrokerWorld world)
{
    private readonly Dictionary<long, int> _streams = [];

    /// <summary>The first thing that differs, or null.</summary>
    public string? Difference(BrokerModel model)
    {
        long now = world.NowMs;
        if (world.Broker.QueueDirectory.Count != model.Queues.Count)
        {
            return $"{model.Queues.Count} queues, not {world.Broker.QueueDirectory.Count}";
        }

        // A queue that came and went again shows nowhere else.
        if (world.Broker.CatalogVersion != model.Version)
        {
            return $"definitions of version {model.Version}, not {world.Broker.CatalogVersion}";
        }

        if (world.Broker.OperationTable.Newest(now).Count() != model.Operations.Count)
        {
            return $"{model.Operations.Count} operations, not {world.Broker.OperationTable.Newest(now).Count()}";
        }

        foreach (ModelOperation operation in model.Operations.Values)
        {
            if (Difference(operation) is { } difference)
            {
                return difference;
            }
        }

        foreach (ModelQueue queue in model.Queues.Values)
        {
            if (Difference(queue, now) is { } difference)
            {
                return $"queue {queue.Number}, {queue.Key.Name}: {difference}";
            }
        }

        return null;
    }

    /// <summary>Bodies and attributes of everything that is there, as the disk has them; and a stream is one queue's for ever.</summary>
    public void JudgeBytes(BrokerModel model)
    {
        foreach (ModelQueue queue in model.Queues.Values)
        {
            LogStream stream = world.Real(queue).Stream;
            _streams.TryAdd(stream.Id, queue.Number);
            SimulationException.Check(_streams[stream.Id] == queue.Number, $"stream {stream.Id} was queue {_streams[stream.Id]}'s and is never queue {queue.Number}'s");
            long[] offsets = [.. queue.Alive(world.NowMs).Select(message => message.Offset).Order()];
            using RecordSet records = world.Engine.Read(stream, offsets);
            for (int i = 0; i < offsets.Length; i++)
            {
                Judge(records[i], queue.Messages[offsets[i]], queue);
            }
        }
    }

    private string? Difference(ModelQueue queue, long now)
    {
        if (!world.Broker.QueueDirectory.TryGet(queue.Key, out LiveQueue? real))
        {
            return "it is there";
        }

        if (!queue.Definition.Equals(real.Definition) || (queue.Version, queue.CreatedMs, queue.ModifiedMs) != (real.Version, real.CreatedMs, real.ModifiedMs))
        {
            return $"version {queue.Version} of {queue.ModifiedMs}, {queue.Definition}, not version {real.Version} of {real.ModifiedMs}, {real.Definition}";
        }

        if (queue.Next != real.Stream.Next)
        {
            return $"{queue.Next} messages so far, not {real.Stream.Next}";
        }

        QueueCounts counts = real.Counts(now);
        for (long offset = real.Stream.Low; offset < queue.Next; offset++)
        {
            ModelMessage? message = queue.Find(offset, now);
            if (real.Stream.IsReleased(offset) != message is null)
            {
                return $"message {offset} is {(message is null ? "gone" : "there")}";
            }

            if (message is not null && Difference(message, real.State, now) is { } difference)
            {
                return difference;
            }
        }

        if (queue.Alive(now).FirstOrDefault(message => message.Offset < real.Stream.Low) is { } lost)
        {
            return $"message {lost.Offset} is there";
        }

        long deliverable = queue.Ready(now, int.MaxValue).Count;
        if (deliverable != real.State.Deliverable)
        {
            return $"{deliverable} messages that can be delivered, not {real.State.Deliverable}";
        }

        if (WindowJudge.Difference(queue, real.State.Windows, now) is { } forgotten)
        {
            return forgotten;
        }

        return counts == queue.Counts(now) ? null : $"counts {queue.Counts(now)}, not {counts}";
    }

    private string? Difference(ModelOperation operation)
    {
        bool isSame = world.Broker.OperationTable.TryGet(operation.Number, out LongOperation? real) && real.Queue == operation.Key && real.EndOffset == operation.EndOffset
            && (real.Status, real.Cursor, real.Moved, real.Failed, real.Skipped) == (operation.Status, operation.Cursor, operation.Moved, operation.Failed, operation.Skipped);
        return isSame ? null : $"{operation}, not {real}";
    }

    private static string? Difference(ModelMessage message, QueueState state, long now)
    {
        bool isDelivered = state.TryGet(message.Offset, out Delivery delivery);
        if (isDelivered != message.ReceiveCount > 0 || delivery.ReceiveCount != message.ReceiveCount || delivery.UnhandledCount != message.UnhandledCount || delivery.FirstReceivedMs != message.FirstReceivedMs)
        {
            return $"message {message.Offset} has {message.ReceiveCount} receives, {message.UnhandledCount} unhandled, the first at {message.FirstReceivedMs}; not {delivery.ReceiveCount}, {delivery.UnhandledCount}, {delivery.FirstReceivedMs}";
        }

        if (MessageStatus.Of(state, message.Offset).State != message.State(now))
        {
            return $"message {message.Offset} is {message.State(now)} at {now}, not {MessageStatus.Of(state, message.Offset)}";
        }

        long expected = !isDelivered || message.IsReady(now) ? 0 : message.IsLeased(now) ? message.LeasedUntilMs : -message.ReadyMs;
        return delivery.State == expected ? null : $"message {message.Offset} is in state {expected} at {now}, not {delivery.State}";
    }

    private void Judge(in StoredRecord record, ModelMessage message, ModelQueue queue)
    {
        if (record.State == StoredRecordState.Damaged && world.IsRotten)
        {
            world.Coverage.Count("damaged messages seen");
            return;
        }

        bool isSame = record.State == StoredRecordState.Present && RecordDecoder.TryRead(record.Body, out RecordDecoder.Decoded decoded)
            && decoded.Body.Span.SequenceEqual(message.Body) && message.HasAttributes(decoded.Attributes)
            && (decoded.Group, decoded.Priority) == (message.Group, message.Priority) && decoded.ContentType == message.ContentType && decoded.TraceParent == message.TraceParent
            && decoded.ExpiresMs == message.ExpiresMs && record.TimestampMs == message.StoredMs
            && decoded.Id == message.MovedId && decoded.Origin == message.Origin && decoded.SentAtMs(record.TimestampMs) == message.SentMs;
        if (!isSame)
        {
            throw new SimulationException($"message {message.Offset} of queue {queue.Number} is as it was sent; it is {record.State}");
        }
    }
}
