using System.Text;

namespace Messaging.Benchmarks.Http;

/// <summary>Receives up to so many messages, acknowledges them, and begins anew; where asked, sends as many first. Counts what is acknowledged.</summary>
internal sealed class ConsumeScript : HttpScript
{
    private static readonly byte[] ReceiptName = "\"receipt\":\""u8.ToArray();

    private readonly byte[]? _send;
    private readonly byte[] _receive;
    private readonly string _acknowledgePath;
    private readonly StringBuilder _receipts = new();
    private byte[] _acknowledge = [];
    private int _leased;
    private Step _step;

    public ConsumeScript(string queue, int max, int? sendBytes = null)
    {
        _send = sendBytes is { } bytes ? HttpRequest.Send(queue, max, bytes) : null;
        _receive = HttpRequest.Post($"/v1/queues/{queue}/receive", $$"""{"max":{{max}},"waitSeconds":1,"leaseSeconds":600}""");
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
        Step.Send => _send,
        Step.Receive => _receive,
        Step.Acknowledge => _acknowledge,
    };

    /// <summary>Receives that found nothing: a run with many of them measured an empty queue.</summary>
    public int Empty { get; private set; }

    private Step FirstStep => _send is null ? Step.Receive : Step.Send;

    public override int Answered(int status, ReadOnlySpan<byte> body)
    {
        switch (_step)
        {
            case Step.Send:
                _step = Step.Receive;
                return 0;
            case Step.Receive:
                _leased = ReadReceipts(body);
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
