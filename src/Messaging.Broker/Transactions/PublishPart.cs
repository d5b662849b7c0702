using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Transactions;

/// <summary>Records that are published in a transaction.</summary>
internal sealed class PublishPart : ITransactionPart
{
    private readonly PublishRecords _operation;
    private readonly PublishRecords.Batch _batch;

    private PublishPart(PublishRecords operation, PublishRecords.Batch batch, int bytes) => (_operation, _batch, Bytes) = (operation, batch, bytes);

    public string Kind => TransactionOperation.Publish.Word;

    public int Bytes { get; }

    public bool HasRecords => true;

    /// <summary>Outside of the sequencer; the first refusal.</summary>
    public static Result<ITransactionPart> Make(TopicHost host, PublishRecords operation, TransactionOperation.Publish asked)
    {
        if (PublishRecords.Find(host, asked.Topic, asked.Records.Length, out LiveTopic topic) is { } refusal) return refusal;
        var outcomes = new PublishOutcome[asked.Records.Length];
        BrokerError? wrong = operation.Check(asked.Records.Span, topic, null, outcomes, out PublishRecords.Checked call);
        if ((wrong ?? Array.Find(outcomes, static outcome => outcome.Error is not null).Error) is { } refused) return refused;
        EncodedRecords encoded = operation.Encode(asked.Records.Span, topic, call, outcomes, operation.BeginFanOut(topic, asked.Records.Length));
        long bytes = encoded.Measure(call.CommandBytes);
        if (bytes <= host.Engine.CommandBytesMax) return new PublishPart(operation, new PublishRecords.Batch(topic, encoded, outcomes, null), (int)bytes);
        encoded.Dispose();
        return PublishRecords.TooLarge(host, bytes);
    }

    public bool IsStale => PublishRecords.IsStale(_batch);

    public BrokerError? Judge(long now)
    {
        if (!_batch.Topic.Deleted) _batch.Topic.First.State.Advance(now);
        return PublishRecords.Judge(_batch, now);
    }

    public void Do(in Command command, long now) => _operation.Append(command, _batch, now);

    public int AnswerBytesMax => PublishAnswers.BytesMax(_batch.Outcomes);

    public void WriteAnswer(ref EntryWriter writer) => PublishAnswers.Write(ref writer, _batch.Outcomes);

    public TransactionResult Tell() => new(null, _batch.Outcomes);

    public void Dispose() => _batch.Records.Dispose();
}
