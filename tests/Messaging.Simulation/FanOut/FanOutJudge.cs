using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Simulation.Harness;
using Messaging.Storage;

namespace Messaging.Simulation.FanOut;

/// <summary>Compares all that a broker holds of topics, subscriptions and their queues with a model of it.</summary>
internal sealed class FanOutJudge(FanOutWorld world)
{
    /// <summary>The first thing that differs, or null.</summary>
    public string? Difference(FanOutModel model)
    {
        foreach (string name in FanOutWorld.TopicNames)
        {
            if (Difference(name, model.Topics.GetValueOrDefault(name), world.Find(FanOutWorld.TopicOf(name))) is { } difference) return $"topic {name}: {difference}";
        }

        foreach (string name in FanOutWorld.QueueNames)
        {
            if (Difference(model.Queues.GetValueOrDefault(name), world.Find(FanOutWorld.QueueOf(name))) is { } difference) return $"queue {name}: {difference}";
        }

        return null;
    }

    /// <summary>What stands at every offset that is there, as the disk has it.</summary>
    public void JudgeBytes(FanOutModel model)
    {
        foreach ((string name, ModelTopic topic) in model.Topics)
        {
            LiveTopic real = world.Find(FanOutWorld.TopicOf(name))!;
            for (int i = 0; i < topic.Partitions.Length; i++)
            {
                SortedDictionary<long, PublishedRecord> records = topic.Partitions[i].Records;
                string what = $"topic {name}/{i}";
                Judge(real.Partitions[i].Stream, records.Keys, what, (long offset, in RecordDecoder.Decoded decoded) => Check(IsValue(decoded, records[offset]), $"record {records[offset].Id} is at {offset} of {what}"));
            }
        }

        foreach ((string name, ModelInbox queue) in model.Queues)
        {
            Judge(world.Find(FanOutWorld.QueueOf(name))!.Stream, queue.Messages.Keys, name, (long offset, in RecordDecoder.Decoded decoded) =>
            {
                ModelCopy copy = queue.Messages[offset];
                Check(IsValue(decoded, copy.Record), $"a copy of record {copy.Record.Id} is at {offset} of {name}");
                (long, long)? place = decoded.PublishedAt is { } at ? (at.StreamId, at.Offset) : null;
                Check(place == copy.Place, $"message {offset} of {name} is a copy of the record at {copy.Place}, not {place}");
                int attributes = (copy.Record.Kind is null ? 0 : 1) + (copy.IsFailed ? 2 : 0);
                Check(copy.Place is null || decoded.Attributes.Count == attributes, $"message {offset} of {name} has {attributes} attributes");
                world.Coverage.Count("copies compared");
            });
        }
    }

    private delegate void Comparison(long offset, in RecordDecoder.Decoded decoded);

    private void Judge(LogStream stream, IEnumerable<long> expected, string what, Comparison compare)
    {
        long[] offsets = [.. expected];
        using RecordSet records = world.Base.Engine.Read(stream, offsets);
        for (int i = 0; i < offsets.Length; i++)
        {
            if (records[i].State == StoredRecordState.Damaged && world.Base.IsRotten)
            {
                world.Coverage.Count("damaged records seen");
                continue;
            }

            bool isThere = records[i].State == StoredRecordState.Present & RecordDecoder.TryRead(records[i].Body, out RecordDecoder.Decoded decoded);
            Check(isThere, $"{offsets[i]} of {what} can be read; it is {records[i].State}");
            compare(offsets[i], decoded);
        }
    }

    private static bool IsValue(in RecordDecoder.Decoded decoded, PublishedRecord record) => decoded.Body.Span.SequenceEqual(record.Value);

    private string? Difference(string name, ModelTopic? topic, LiveTopic? real)
    {
        if (topic is null || real is null) return topic is null && real is null ? null : $"it is there: {topic is not null}, not {real is not null}";
        if (topic.Partitions.Length != real.Partitions.Length) return $"{topic.Partitions.Length} partitions, not {real.Partitions.Length}";
        for (int i = 0; i < topic.Partitions.Length; i++)
        {
            (ModelPartition partition, LogStream stream) = (topic.Partitions[i], real.Partitions[i].Stream);
            if (partition.StreamId != stream.Id) return $"partition {i} is stream {partition.StreamId}, not {stream.Id}";
            if ((partition.Low, partition.Next) != (stream.Low, stream.Next)) return $"partition {i} goes from {partition.Low} to {partition.Next}, not from {stream.Low} to {stream.Next}";
        }

        foreach (string subscription in FanOutWorld.SubscriptionNames)
        {
            world.Base.Broker.SubscriptionDirectory.TryGet(FanOutWorld.SubscriptionOf(name, subscription), out LiveSubscription? live);
            ModelSubscription? expected = topic.Subscriptions.GetValueOrDefault(subscription);
            if (expected?.Definition != live?.Definition || expected?.IsPaused != live?.Paused) return $"{subscription} is {expected}, not {live?.Definition}, paused {live?.Paused}";
            if ((expected?.Gathers == true) != (live?.Gathering is not null)) return $"{subscription} gathers: {expected?.Gathers}, not {live?.Gathering is not null}";
            if ((expected?.Gathered.Count ?? 0) != (live?.Gathering?.Stream.LiveCount ?? 0)) return $"{subscription} has gathered {expected?.Gathered.Count} messages, not {live?.Gathering?.Stream.LiveCount}";
        }

        return null;
    }

    private static string? Difference(ModelInbox? queue, LiveQueue? real)
    {
        if (queue is null || real is null) return queue is null && real is null ? null : $"it is there: {queue is not null}, not {real is not null}";
        if (queue.StreamId != real.Stream.Id) return $"it is stream {queue.StreamId}, not {real.Stream.Id}";
        if (!queue.Definition.Equals(real.Definition)) return $"{queue.Definition}, not {real.Definition}";
        if (queue.Next != real.Stream.Next) return $"{queue.Next} messages so far, not {real.Stream.Next}";
        for (long offset = 0; offset < queue.Next; offset++)
        {
            if (queue.Messages.ContainsKey(offset) == real.Stream.IsReleased(offset)) return $"message {offset} is there: {queue.Messages.ContainsKey(offset)}";
        }

        return null;
    }

    private static void Check(bool condition, string expected) => SimulationException.Check(condition, expected);
}
