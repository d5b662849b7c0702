using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Topics;

/// <summary>Records of a producer, whoever calls. Hot path.</summary>
internal static class Publishing
{
    /// <summary>Stores them. A record that breaks a rule refuses the call: what comes behind it would have a gap before it.</summary>
    public static async ValueTask<PublishOutcome[]> AsProducerAsync(Call call, TopicKey topic, Entries<OutgoingRecord> entries, V1.RecordProducer producer)
    {
        ProducerClaim claim = ProducerWords.Read(producer);
        ReadOnlyMemory<OutgoingRecord> records = BatchAnswer.All(RecordReader.Place, entries);
        return (await call.Broker.Topics.PublishAsync(topic, records, claim, CancellationToken.None)).OrRefuse(RequestFields.OfMaps);
    }
}
