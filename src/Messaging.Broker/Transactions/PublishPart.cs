using Messaging.Broker.FanOut;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Transactions;

/// <summary>Records that are published in a transaction.</summary>
internal sealed class PublishPart : ITransactionPart
{
    private readonly LiveTopic _topic;
    private readonly PublishRecords.Batch _batch;

    private PublishPart(LiveTopic topic, PublishRecords.Batch batch, int bytes) => (_topic, _batch, Bytes) = (topic, batch, bytes);

    public int Bytes { get; }

    public bool HasRecords => true;

    /// <summary>Outside of the sequencer; the first refusal.</summary>
    public static Result<ITransactionPart> Make(TopicHost host, PublishRecords operation, TransactionOperation.Publish asked)
    {
        if (PublishRecords.Find(host, asked.Topic, asked.Records.Length, out LiveTopic topic) is { } refusal) return refusal;
        var outcomes = new PublishOutcome[asked.Records.Length];
        BrokerError? wrong = operation.Check(asked.Records.Span, topic, null, outcomes, out PublishRecords.Checked call);
        if ((wrong ?? Array.Find(outcomes, static outcome => outcome.Error is not null).Error) is { } refused) return refused;
        FanOutCall? fanOut = FanOutCall.Begin(host.Shared, topic.Subscriptions, topic.Key, asked.Records.Length);
        PublishRecords.Batch batch = operation.Encode(asked.Records.Span, topic, call.Bytes, outcomes, null, fanOut);
        long bytes = fanOut is null ? call.CommandBytes : PublishRecords.Measure(call, batch);
        if (bytes <= host.Engine.CommandBytesMax) return new PublishPart(topic, batch, (int)bytes);
        PublishRecords.Return(batch);
        return PublishRecords.TooLarge(host, bytes);
    }

    public bool IsStale => !_topic.Deleted && FanOutCall.IsStale(_topic.Subscriptions, _batch.FanOut);

    public BrokerError? Judge(long now) => _topic.Deleted ? TopicHost.TopicNotFound(_topic.Key) : null;

    public void Do(in Command command, long now) => PublishRecords.Append(command, _batch, now);

    public int AnswerBytesMax => PublishAnswers.BytesMax(_batch.Outcomes);

    public void WriteAnswer(ref EntryWriter writer) => PublishAnswers.Write(ref writer, _batch.Outcomes);

    public TransactionResult Tell() => new(null, _batch.Outcomes);

    public void Dispose() => PublishRecords.Return(_batch);
}
