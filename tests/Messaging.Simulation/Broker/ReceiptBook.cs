using Messaging.Broker.Messages;
using Messaging.Simulation.Harness;

namespace Messaging.Simulation.Broker;

/// <summary>A receipt as a client holds it, and what it is about.</summary>
internal readonly record struct HeldReceipt(int Number, long Offset, int ReceiveCount, Receipt Receipt, bool IsForged = false);

/// <summary>Receipts that clients hold, good and bad ones, over all crashes.</summary>
internal sealed class ReceiptBook(Random random)
{
    private const int HeldMax = 150;
    private readonly List<HeldReceipt> _held = [];

    /// <summary>Clients keep the text.</summary>
    public void Hold(int number, ModelMessage message, Receipt receipt)
    {
        SimulationException.Check(Receipt.TryParse(receipt.ToString(), out Receipt parsed) && parsed == receipt, "a receipt's text is the receipt");
        if (_held.Count == HeldMax)
        {
            _held.RemoveAt(random.Next(HeldMax));
        }

        _held.Add(new HeldReceipt(number, message.Offset, message.ReceiveCount, parsed));
    }

    /// <summary>Mostly receipts of that queue, mostly the newest; some of other queues, some forged. None twice unless asked for.</summary>
    public HeldReceipt[] Choose(ModelQueue? queue, int count, bool mayRepeat)
    {
        HeldReceipt[] own = [.. _held.Where(held => held.Number == queue?.Number)];
        HeldReceipt[] current = [.. own.Where(held => queue!.Messages.TryGetValue(held.Offset, out ModelMessage? message) && message.ReceiveCount == held.ReceiveCount)];
        var chosen = new List<HeldReceipt>();
        for (int i = 0; i < count; i++)
        {
            HeldReceipt[] from = random.Next(12) switch
            {
                < 8 => current,
                < 11 => own,
                _ => [.. _held],
            };
            if (from.Length == 0)
            {
                continue;
            }

            HeldReceipt held = from[random.Next(from.Length)];
            held = random.Next(20) == 0 ? Forge(held) : held;
            if (mayRepeat || chosen.TrueForAll(other => (other.Number, other.Offset) != (held.Number, held.Offset)))
            {
                chosen.Add(held);
            }
        }

        return [.. chosen];
    }

    private HeldReceipt Forge(HeldReceipt held)
    {
        Receipt real = held.Receipt;
        Receipt forged = random.Next(4) switch
        {
            0 => new Receipt(real.StreamId, real.Offset, real.ReceiveCount, real.Mac ^ (UInt128.One << random.Next(128))),
            1 => new Receipt(real.StreamId, real.Offset, real.ReceiveCount + 1, real.Mac),
            2 => new Receipt(real.StreamId, real.Offset + 1, real.ReceiveCount, real.Mac),
            _ => new Receipt(real.StreamId + 1, real.Offset, real.ReceiveCount, real.Mac),
        };
        return held with { Receipt = forged, IsForged = true };
    }
}
