using Messaging.Broker;
using Messaging.Broker.Topics;
using Messaging.Simulation.Broker;

namespace Messaging.Simulation.Topics;

/// <summary>A call on topics. What it does is judged by answers and by what is read, not by when it was sequenced.</summary>
internal abstract class TopicCall(TopicWorld world) : SimulatedCall(world.Base)
{
    protected new TopicWorld World => world;

    protected override void Stepped(Step step, bool waitsForRoom, bool isFirst)
    {
    }

    /// <summary>Refused before anything was done: the disk is full, or the server stops.</summary>
    protected static bool IsRefused(BrokerError? error) => error?.Code is ErrorCode.DiskFull or ErrorCode.Stopping;

    /// <summary>The topic was not there, which only a deletion can bring about.</summary>
    protected bool IsGone(BrokerError? error, TopicLedger topic)
    {
        if (error?.Code is not ErrorCode.TopicNotFound)
        {
            return false;
        }

        Check(topic.IsDoomed, $"{topic} is there: {this}");
        return true;
    }

    protected void CheckOk(BrokerError? error) => Check(error is null, $"{this} answers OK, not {error?.Code}: {error?.Detail}");
}

/// <summary>A fetch from one partition.</summary>
internal sealed class FetchCall(TopicWorld world, TopicLedger topic, PartitionLedger partition, FetchRequest request, Action<FetchedRecords>? then = null) : TopicCall(world)
{
    private readonly PartitionOffsets _before = partition.Told;
    private Result<FetchedRecords> _answer;

    public override string ToString() => $"fetch {topic.Key.Name}/{partition.Number} from {request.Offset}, {request.Isolation}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Topics.FetchAsync(topic.Key, partition.Number, request, CancellationToken.None);

    protected override void Judge()
    {
        if (IsRefused(_answer.Error) || IsGone(_answer.Error, topic) || _answer.Error?.Code == ErrorCode.MessageDamaged)
        {
            Check(_answer.Error!.Code != ErrorCode.MessageDamaged || World.Base.IsRotten, "only what has rotted is damaged");
            return;
        }

        if (_answer.Error?.Code == ErrorCode.OffsetOutOfRange)
        {
            Check(request.Offset < partition.TrimAsked || topic.RetentionMs is not null, $"the offset is there: {this}, {_answer.Error.Detail}");
            World.Coverage.Count("fetches out of range");
            return;
        }

        CheckOk(_answer.Error);
        using FetchedRecords fetched = _answer.Value;
        partition.Judge(_before, fetched.Offset, request.Isolation, fetched, World.Base.NowMs, World.Base.IsRotten);
        World.Coverage.Count($"fetches that answered, {request.Isolation}");
        then?.Invoke(fetched);
    }
}

/// <summary>Drops records below an offset.</summary>
internal sealed class TrimCall(TopicWorld world, TopicLedger topic, PartitionLedger partition, long before) : TopicCall(world)
{
    private Result<PartitionOffsets> _answer;

    public override string ToString() => $"trim {topic.Key.Name}/{partition.Number} to {before}";

    protected override async Task Ask(MessageBroker broker)
    {
        partition.TrimAsked = Math.Max(partition.TrimAsked, before == FetchRequest.Latest ? long.MaxValue : before);
        _answer = await broker.Topics.DeleteRecordsAsync(topic.Key, partition.Number, before, CancellationToken.None);
    }

    protected override void Judge()
    {
        if (IsRefused(_answer.Error) || IsGone(_answer.Error, topic))
        {
            return;
        }

        CheckOk(_answer.Error);
        Check(_answer.Value.Low >= before, $"{this} has dropped what it says");
        partition.Trimmed(_answer.Value.Low);
        World.Coverage.Count("trims");
    }
}

/// <summary>A beat of the heartbeat.</summary>
internal sealed class BeatCall(TopicWorld world) : TopicCall(world)
{
    public override string ToString() => "beat";

    protected override Task Ask(MessageBroker broker) => broker.TickAsync().AsTask();

    protected override void Judge() => World.Coverage.Count("beats");
}

/// <summary>A turn of compaction, as if all topics had enough that is new.</summary>
internal sealed class CompactCall(TopicWorld world, long bytes) : TopicCall(world)
{
    public override string ToString() => $"compact {bytes}";

    protected override Task Ask(MessageBroker broker) => broker.CompactAsync(bytes, force: true).AsTask();

    protected override void Judge() => World.Coverage.Count("turns of compaction");
}
