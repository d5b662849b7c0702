using Messaging.Http;

namespace Messaging.Aws.Wire;

/// <summary>
/// Memory for what must be decoded out of one request: escapes, percent signs, base64, each of which makes a value shorter, so that twice the body always suffices. Owned by the request, and
/// rented when it is first asked for. Not thread-safe. Hot path.
/// </summary>
internal sealed class Scratch(int bodyLength) : IDisposable
{
    private byte[]? _bytes;
    private int _taken;

    public Memory<byte> Take(int length)
    {
        _bytes ??= LargeBytes.Rent(2 * bodyLength);
        Memory<byte> taken = _bytes.AsMemory(_taken, length);
        _taken += length;
        return taken;
    }

    public void Dispose()
    {
        if (_bytes is not null)
            LargeBytes.Return(_bytes);
        _bytes = null;
    }
}
