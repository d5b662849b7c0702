using System.Buffers.Text;
using System.Security.Cryptography;

namespace Messaging.Broker.Envelopes;

/// <summary>
/// One copy of the key, which RSA wants used by one thread at a time, and the signatures that it has made last. What is remembered is a function of the hash that it is found by, so it is never wrong, whatever the
/// documents were. Thread-safe: one lock, under which a signature is also made, so that those who ask for the same one wait for it instead of making it again.
/// </summary>
internal sealed class RememberingSigner(RSA key) : IDisposable
{
    private const int RememberedMax = EnvelopeLimits.SignaturesRememberedMax / EnvelopeLimits.SignersMax;

    private readonly Lock _lock = new();
    private readonly Dictionary<SignedDigest, byte[]> _signatures = new(RememberedMax);

    // The digests in the order in which they came, as a ring: the oldest is forgotten first.
    private readonly SignedDigest[] _order = new SignedDigest[RememberedMax];
    private int _next;

    /// <summary>In base64, ASCII.</summary>
    public ReadOnlyMemory<byte> Sign(in SignedDigest digest)
    {
        lock (_lock)
        {
            if (_signatures.TryGetValue(digest, out byte[]? known)) return known;
            byte[] signature = Make(digest);
            if (_signatures.Count == RememberedMax) _signatures.Remove(_order[_next]);
            _signatures.Add(digest, signature);
            _order[_next] = digest;
            _next = (_next + 1) % RememberedMax;
            return signature;
        }
    }

    public void Dispose() => key.Dispose();

    private byte[] Make(in SignedDigest digest)
    {
        Span<UInt128> halves = stackalloc UInt128[2];
        byte[] signature = key.SignHash(digest.CopyTo(halves).ToArray(), digest.Algorithm, RSASignaturePadding.Pkcs1);
        byte[] base64 = new byte[Base64.GetMaxEncodedToUtf8Length(signature.Length)];
        Base64.EncodeToUtf8(signature, base64, out _, out _);
        return base64;
    }
}
