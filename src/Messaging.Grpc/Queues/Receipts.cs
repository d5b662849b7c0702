using Google.Protobuf.Collections;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Queues;
using Messaging.Grpc.Calls;

namespace Messaging.Grpc.Queues;

/// <summary>An entry as the broker takes it, or why it can't be.</summary>
internal delegate TEntry EntryReader<in TWire, out TEntry>(TWire wire, out BrokerError? refusal);

/// <summary>What is asked for messages by their receipts, as the broker takes it; what is no receipt is its entry's own refusal. Hot path.</summary>
internal static class Receipts
{
    private static readonly BrokerError NotAReceipt = new(ErrorCode.ReceiptInvalid, "Not a receipt of this server.");

    /// <summary>All entries of a call, which stand at <paramref name="place"/>.</summary>
    public static Entries<TEntry> ReadAll<TWire, TEntry>(RepeatedField<TWire> wire, string place, EntryReader<TWire, TEntry> read)
    {
        var entries = Entries<TEntry>.OfCall(wire.Count, place);
        foreach (TWire entry in wire)
            entries.Add(read(entry, out BrokerError? refusal), refusal);
        return entries;
    }

    public static Receipt Read(string text, out BrokerError? refusal)
    {
        refusal = Receipt.TryParse(text, out Receipt receipt) ? null : NotAReceipt;
        return receipt;
    }

    public static ExtendEntry Read(V1.ExtendEntry wire, out BrokerError? refusal)
    {
        Receipt receipt = ReadOfEntry(wire.Receipt, out refusal);
        refusal ??= wire.HasLeaseSeconds ? Seconds(wire.LeaseSeconds, QueueLimits.LeaseSecondsMax, "leaseSeconds") : new BrokerError(ErrorCode.InvalidValue, "Says how long the lease is to last from now.", "[].leaseSeconds");
        return new ExtendEntry(receipt, wire.LeaseSeconds);
    }

    public static ReleaseEntry Read(V1.ReleaseEntry wire, out BrokerError? refusal)
    {
        Receipt receipt = ReadOfEntry(wire.Receipt, out refusal);
        refusal ??= Seconds(wire.DelaySeconds, MessageLimits.DelaySecondsMax, "delaySeconds");
        return new ReleaseEntry(receipt, wire.HasDelaySeconds ? wire.DelaySeconds : null) { IsUnhandled = wire.Unhandled };
    }

    public static RejectEntry Read(V1.RejectEntry wire, out BrokerError? refusal)
    {
        Receipt receipt = ReadOfEntry(wire.Receipt, out refusal);
        refusal ??= Reason(wire.Reason);
        return new RejectEntry(receipt, Pages.Maybe(wire.Reason));
    }

    // With something beside it, where an entry of a list of receipts is one itself.
    private static Receipt ReadOfEntry(string text, out BrokerError? refusal)
    {
        Receipt receipt = Read(text, out refusal);
        refusal = refusal is null ? null : refusal with { Field = "[].receipt" };
        return receipt;
    }

    private static BrokerError? Seconds(int value, int max, string field) => value >= 0 && value <= max
        ? null
        : new BrokerError(ErrorCode.InvalidValue, $"Must be a whole number from 0 to {max}.", "[]." + field);

    private static BrokerError? Reason(string text) => System.Text.Encoding.UTF8.GetByteCount(text) <= QueueLimits.RejectReasonBytesMax
        ? null
        : new BrokerError(ErrorCode.InvalidValue, $"A reason has at most {QueueLimits.RejectReasonBytesMax} bytes.", "[].reason");
}
