using System.Globalization;
using Messaging.Broker.Producers;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Topics;

/// <summary>Producers and their transactions, which are named by their epochs: each has one of its own.</summary>
internal static class ProducerWords
{
    /// <summary>As whom records are published.</summary>
    public static ProducerClaim Read(V1.RecordProducer wire)
    {
        if (wire.Id < 0)
            throw Refusal.Invalid("producer.id", "Must be 0 or more.");
        short epoch = ReadEpoch(wire.Epoch);
        if (wire.Transaction.Length > 0 && wire.Transaction != NameOf(epoch))
            throw Refusal.Invalid("producer.transaction", "Is not the transaction of this epoch: each has one of its own.");
        return new ProducerClaim(wire.Id, epoch, wire.Transaction.Length > 0);
    }

    public static short ReadEpoch(int epoch) => (short)Pages.Range(epoch, 0, short.MaxValue, "producer.epoch");

    /// <summary>What the transaction of an epoch is called.</summary>
    public static string NameOf(short epoch) => epoch.ToString(CultureInfo.InvariantCulture);

    /// <summary>The epoch that a transaction is called by; false where none is called so.</summary>
    public static bool TryReadName(string transaction, out short epoch) => short.TryParse(transaction, NumberStyles.None, CultureInfo.InvariantCulture, out epoch);

    public static V1.Producer Of(ProducerIdentity producer) => new() { Id = producer.Id, Epoch = producer.Epoch };
}
