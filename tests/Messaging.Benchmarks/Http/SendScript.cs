namespace Messaging.Benchmarks.Http;

/// <summary>The same send over and over.</summary>
internal sealed class SendScript(byte[] request, int messages) : HttpScript
{
    public override ReadOnlyMemory<byte> Request => request;

    public override int Answered(int status, ReadOnlySpan<byte> body) => messages;
}
