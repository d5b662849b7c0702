namespace Messaging.Benchmarks.Http;

/// <summary>The same sends over and over, one after the other.</summary>
internal sealed class SendScript(byte[][] requests, int messages) : HttpScript
{
    private int _next;

    public SendScript(byte[] request, int messages)
        : this([request], messages)
    {
    }

    public override ReadOnlyMemory<byte> Request => requests[_next];

    public override int Answered(int status, ReadOnlySpan<byte> body)
    {
        _next = (_next + 1) % requests.Length;
        return messages;
    }
}
