using Messaging.Http;

namespace Messaging.Rest.Wire;

/// <summary>
/// One request's JSON in one piece, and scratch memory for what must be decoded out of it. Owned by the operation: what was parsed points
/// into both, so it is disposed when the broker has answered. Not thread-safe. Hot path: nothing is rented unless something is escaped or
/// base64.
/// </summary>
internal sealed class RequestDocument(ReadOnlyMemory<byte> bytes, string name = "The body") : IDisposable
{
    private byte[]? _scratch;
    private int _taken;

    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>What a problem about the whole document calls it.</summary>
    public string Name { get; } = name;

    /// <summary>Undoing escapes makes a value shorter, and so does base64 once more: twice the document always suffices.</summary>
    public Memory<byte> TakeScratch(int length)
    {
        _scratch ??= LargeBytes.Rent(2 * Bytes.Length);
        Memory<byte> taken = _scratch.AsMemory(_taken, length);
        _taken += length;
        return taken;
    }

    public void Dispose()
    {
        if (_scratch is not null)
            LargeBytes.Return(_scratch);
        _scratch = null;
    }
}
