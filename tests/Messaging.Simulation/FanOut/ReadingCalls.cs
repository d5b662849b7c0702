using System.Text;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Simulation.Broker;

namespace Messaging.Simulation.FanOut;

/// <summary>Receives from a queue: what it is shown is there for ever, with all that came before it.</summary>
internal sealed class TakeCall(FanOutWorld world, string queue, int max) : SimulatedCall(world.Base)
{
    private Result<ReceivedMessages> _answer;

    public override string ToString() => $"receive {max} from {queue}";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Queues.ReceiveAsync(FanOutWorld.QueueOf(queue), new ReceiveRequest(max, 0, null), CancellationToken.None);

    protected override void Stepped(Step step, bool waitsForRoom, bool isFirst)
    {
    }

    protected override void Judge()
    {
        if (_answer.Error is { } error)
        {
            Check(error.Code is ErrorCode.DiskFull or ErrorCode.Stopping or ErrorCode.QueueNotFound, $"{this} is not refused by {error.Code}");
            return;
        }

        using ReceivedMessages received = _answer.Value;
        for (int i = 0; i < received.Count; i++)
        {
            Receipt receipt = received[i].Receipt;
            world.Held.Add(new HeldCopy(queue, receipt.StreamId, receipt.Offset, receipt));
            ModelInbox? inbox = world.History.Current.Queues.GetValueOrDefault(queue);
            if (inbox?.StreamId != receipt.StreamId || !inbox.Messages.TryGetValue(receipt.Offset, out ModelCopy? copy)) continue;
            Check(received[i].Body.Span.SequenceEqual(copy.Record.Value), $"{this} shows record {copy.Record.Id}, and not {Encoding.UTF8.GetString(received[i].Body.Span)}");
            Check(received[i].PublishedId is null == copy.Place is null, $"{this} shows what record {copy.Record.Id} is a copy of");
            world.History.Told(copy.Number);
            world.Coverage.Count(copy.IsFailed ? "copies received from dead-letter queues" : "copies received");
        }
    }
}

/// <summary>Acknowledges one message.</summary>
internal sealed class AcknowledgeCopyCall(FanOutWorld world, HeldCopy held) : SequencedCall(world)
{
    private Result<BrokerError?[]> _answer;

    protected override BrokerError? Error => _answer.Error;

    // It may have gone before, or be with somebody else.
    protected override bool MayDoNothing => true;

    public override string ToString() => $"acknowledge {held}";

    protected override async Task Call(MessageBroker broker) => _answer = await broker.Queues.AcknowledgeAsync(FanOutWorld.QueueOf(held.Queue), new[] { held.Receipt }, CancellationToken.None);

    protected override Action<FanOutModel> Decide() => model => model.Queues[held.Queue].Messages.Remove(held.Offset);

    protected override void JudgeAnswer() => World.Coverage.Count("copies acknowledged", Number > 0 ? 1 : 0);
}

/// <summary>Drops all messages of a queue.</summary>
internal sealed class PurgeCopiesCall(FanOutWorld world, string queue) : SequencedCall(world)
{
    private Result<long> _answer;

    protected override BrokerError? Error => _answer.Error;

    protected override bool MayDoNothing => true;

    public override string ToString() => $"purge {queue}";

    protected override async Task Call(MessageBroker broker) => _answer = await broker.Queues.PurgeAsync(FanOutWorld.QueueOf(queue), CancellationToken.None);

    protected override Action<FanOutModel> Decide() => model => model.Queues[queue].Messages.Clear();

    protected override void JudgeAnswer()
    {
    }
}

/// <summary>Drops a partition's records: copies of them stay.</summary>
internal sealed class TrimPartitionCall(FanOutWorld world, string topic, int partition, long before) : SequencedCall(world)
{
    private Result<PartitionOffsets> _answer;

    protected override BrokerError? Error => _answer.Error;

    protected override bool MayDoNothing => true;

    public override string ToString() => $"trim {topic}/{partition} to {before}";

    protected override bool MayRefuse(ErrorCode code) => base.MayRefuse(code) || code is ErrorCode.OffsetOutOfRange;

    protected override async Task Call(MessageBroker broker) => _answer = await broker.Topics.DeleteRecordsAsync(FanOutWorld.TopicOf(topic), partition, before, CancellationToken.None);

    protected override Action<FanOutModel> Decide() => model => model.Topics[topic].Partitions[partition].Trim(before);

    protected override void JudgeAnswer()
    {
    }
}

/// <summary>A beat of the heartbeat.</summary>
internal sealed class BeatCall(FanOutWorld world) : SimulatedCall(world.Base)
{
    public override string ToString() => "beat";

    protected override Task Ask(MessageBroker broker) => broker.TickAsync().AsTask();

    protected override void Stepped(Step step, bool waitsForRoom, bool isFirst)
    {
    }

    protected override void Judge() => world.Coverage.Count("beats");
}
