using System.Text;

namespace Messaging.Benchmarks.Http;

/// <summary>
/// Receives up to so many messages, acknowledges them, and begins anew; where there are sends, one of them first, in turn. Counts what is acknowledged. Whoever gets
/// less than was asked for acknowledges that and sends again all the same: what is missing stays queued, until receives find all that they ask for.
/// </summary>
internal sealed class ConsumeScript : HttpScript
{
    private static readonly byte[] ReceiptName = "\"receipt\":\""u8.ToArray();

    private readonly byte[][] _sends;
    private readonly byte[] _receive;
    private readonly string _acknowledgePath;
    private readonly StringBuilder _receipts = new();
    private byte[] _acknowledge = [];
    private int _send;
    private int _leased;
    private Step _step;

    /// <param name="queue">All is asked of it.</param>
    /// <param name="max">Messages of one receive.</param>
    /// <param name="sends">Whole requests; none where others send.</param>
    /// <param name="firstSend">Where among the sends it begins.</param>
    /// <param name="waitSeconds">Of a receive.</param>
    public ConsumeScript(string queue, int max, byte[][]? sends = null, int firstSend = 0, int waitSeconds = 1)
    {
        (_sends, _send) = (sends ?? [], firstSend);
        _receive = HttpRequest.Post($"/v1/queues/{queue}/receive", $$"""{"max":{{max}},"waitSeconds":{{waitSeconds}},"leaseSeconds":600}""");
        _acknowledgePath = $"/v1/queues/{queue}/acknowledge";
        _step = FirstStep;
    }

    private enum Step
    {
        Send,
        Receive,
        Acknowledge,
    }

    public override ReadOnlyMemory<byte> Request => _step switch
    {
        Step.Send => _sends[_send],
        Step.Receive => _receive,
        Step.Acknowledge => _acknowledge,
    };

    public int Receives { get; private set; }

    /// <summary>Messages that receives brought.</summary>
    public long Received { get; private set; }

    /// <summary>Receives that found nothing: a run with many of them measured an empty queue.</summary>
    public int Empty { get; private set; }

    private Step FirstStep => _sends.Length == 0 ? Step.Receive : Step.Send;

    public override int Answered(int status, ReadOnlySpan<byte> body)
    {
        switch (_step)
        {
            case Step.Send:
                _send = (_send + 1) % _sends.Length;
                _step = Step.Receive;
                return 0;
            case Step.Receive:
                _leased = ReadReceipts(body);
                Receives++;
                Received += _leased;
                Empty += _leased == 0 ? 1 : 0;
                _step = _leased == 0 ? FirstStep : Step.Acknowledge;
                return 0;
            default:
                _step = FirstStep;
                return _leased;
        }
    }

    private int ReadReceipts(ReadOnlySpan<byte> body)
    {
        int count = 0;
        _receipts.Clear().Append("{\"receipts\":[");
        for (int at = body.IndexOf(ReceiptName); at >= 0; at = body.IndexOf(ReceiptName))
        {
            body = body[(at + ReceiptName.Length)..];
            _receipts.Append(count++ == 0 ? "\"" : ",\"").Append(Encoding.ASCII.GetString(body[..body.IndexOf((byte)'"')])).Append('"');
        }

        _acknowledge = HttpRequest.Post(_acknowledgePath, _receipts.Append("]}").ToString());
        return count;
    }
}
