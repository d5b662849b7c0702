using Google.Protobuf.Collections;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Queues;
using Messaging.Grpc.Calls;

namespace Messaging.Grpc.Queues;

/// <summary>What is asked for messages by their receipts, as the broker takes it; what is no receipt is its entry's own refusal. Hot path.</summary>
internal static class Receipts
{
    private static readonly BrokerError NotAReceipt = new(ErrorCode.ReceiptInvalid, "Not a receipt of this server.");

    public static Entries<Receipt> Read(RepeatedField<string> wire)
    {
        var entries = new Entries<Receipt>(wire.Count);
        foreach (string text in wire)
            entries.Add(Parse(text, out BrokerError? refusal), refusal);
        return entries;
    }

    public static Entries<ExtendEntry> Read(RepeatedField<V1.ExtendEntry> wire)
    {
        var entries = new Entries<ExtendEntry>(wire.Count);
        foreach (V1.ExtendEntry entry in wire)
        {
            Receipt receipt = Parse(entry.Receipt, out BrokerError? refusal);
            entries.Add(new ExtendEntry(receipt, entry.LeaseSeconds), refusal ?? Seconds(entry.LeaseSeconds, "leaseSeconds"));
        }
        return entries;
    }

    public static Entries<ReleaseEntry> Read(RepeatedField<V1.ReleaseEntry> wire)
    {
        var entries = new Entries<ReleaseEntry>(wire.Count);
        foreach (V1.ReleaseEntry entry in wire)
        {
            Receipt receipt = Parse(entry.Receipt, out BrokerError? refusal);
            entries.Add(new ReleaseEntry(receipt, entry.HasDelaySeconds ? entry.DelaySeconds : null), refusal ?? Seconds(entry.DelaySeconds, "delaySeconds"));
        }
        return entries;
    }

    public static Entries<RejectEntry> Read(RepeatedField<V1.RejectEntry> wire)
    {
        var entries = new Entries<RejectEntry>(wire.Count);
        foreach (V1.RejectEntry entry in wire)
        {
            Receipt receipt = Parse(entry.Receipt, out BrokerError? refusal);
            entries.Add(new RejectEntry(receipt, Pages.Maybe(entry.Reason)), refusal ?? Reason(entry.Reason));
        }
        return entries;
    }

    private static Receipt Parse(string text, out BrokerError? refusal)
    {
        refusal = Receipt.TryParse(text, out Receipt receipt) ? null : NotAReceipt;
        return receipt;
    }

    private static BrokerError? Seconds(int value, string field) => value is >= 0 and <= QueueLimits.LeaseSecondsMax
        ? null
        : new BrokerError(ErrorCode.InvalidValue, $"Must be a whole number from 0 to {QueueLimits.LeaseSecondsMax}.", "[]." + field);

    private static BrokerError? Reason(string text) => System.Text.Encoding.UTF8.GetByteCount(text) <= QueueLimits.RejectReasonBytesMax
        ? null
        : new BrokerError(ErrorCode.InvalidValue, $"A reason has at most {QueueLimits.RejectReasonBytesMax} bytes.", "[].reason");
}
