namespace Messaging.Benchmarks.Http;

/// <summary>The same fetches over and over, one after the other from one of them on. What answers stand for is the bytes of their bodies.</summary>
internal sealed class FetchScript(byte[][] requests, int first) : HttpScript
{
    private int _next = first;

    public override ReadOnlyMemory<byte> Request => requests[_next];

    /// <summary>Of all answers so far.</summary>
    public long Bytes { get; private set; }

    public override int Answered(int status, ReadOnlySpan<byte> body)
    {
        _next = (_next + 1) % requests.Length;
        Bytes += body.Length;
        return body.Length;
    }
}
