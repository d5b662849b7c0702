using Google.Protobuf.Collections;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Groups;
using Messaging.Broker.Transactions;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Grpc.Queues;
using Messaging.Grpc.Topics;

namespace Messaging.Grpc.Transactions;

/// <summary>The operations of a transaction. What is wrong with one entry refuses the whole call: all of it is done, or nothing.</summary>
internal static class TransactionReader
{
    private const string Place = "operations";

    public static TransactionOperation[] Read(Call call, RepeatedField<V1.TransactionOperation> wire)
    {
        if (wire.Count > BrokerLimits.TransactionOperationsMax)
            throw Refusal.Of(EntryCount.TooMany(Place, BrokerLimits.TransactionOperationsMax));
        var operations = new TransactionOperation[wire.Count];
        for (int index = 0; index < operations.Length; index++)
            operations[index] = Read(call, wire[index], $"{Place}[{index}]");
        return operations;
    }

    private static TransactionOperation Read(Call call, V1.TransactionOperation wire, string place) => wire.OperationCase switch
    {
        V1.TransactionOperation.OperationOneofCase.Acknowledge => Read(call, wire.Acknowledge, place + ".acknowledge"),
        V1.TransactionOperation.OperationOneofCase.Send => Read(call, wire.Send, place + ".send"),
        V1.TransactionOperation.OperationOneofCase.Publish => Read(call, wire.Publish, place + ".publish"),
        V1.TransactionOperation.OperationOneofCase.Commit => Read(call, wire.Commit, place + ".commit"),
        V1.TransactionOperation.OperationOneofCase.None => throw Refusal.Missing(place, "An operation is one of acknowledge, send, publish and commit."),
    };

    private static TransactionOperation.Acknowledge Read(Call call, V1.TransactionAcknowledge wire, string place)
    {
        string list = place + ".receipts";
        return new(call.Queue(wire.Queue, place + ".queue"), BatchAnswer.All(list, Receipts.ReadAll<string, Receipt>(wire.Receipts, list, Receipts.Read)));
    }

    private static TransactionOperation.Send Read(Call call, V1.TransactionSend wire, string place)
    {
        string list = $"{place}.{MessageReader.Place}";
        return new(call.Queue(wire.Queue, place + ".queue"), BatchAnswer.All(list, MessageReader.Read(wire.Messages, list)));
    }

    private static TransactionOperation.Publish Read(Call call, V1.TransactionPublish wire, string place)
    {
        string list = $"{place}.{RecordReader.Place}";
        return new(call.Topic(wire.Topic, place + ".topic"), BatchAnswer.All(list, RecordReader.Read(wire.Records, list)));
    }

    private static TransactionOperation.Commit Read(Call call, V1.TransactionCommit wire, string place)
    {
        CommitToken? token = CommitReader.ReadToken(wire, place);
        return new TransactionOperation.Commit(call.Group(wire.Group, place + ".group"), token, token is null ? CommitReader.ReadOffsets(wire, place) : null);
    }
}
