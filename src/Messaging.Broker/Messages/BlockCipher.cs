using System.Security.Cryptography;

namespace Messaging.Broker.Messages;

/// <summary>AES over many independent blocks in one call. Safe for concurrent calls. Hot path: one keyed transform is kept and reused by whoever takes it.</summary>
internal sealed class BlockCipher : IDisposable
{
    public const int BlockBytes = 16;

    private readonly Aes _aes;
    private ICryptoTransform? _spare;

    public BlockCipher(byte[] key)
    {
        _aes = Aes.Create();
        // Every block is encrypted once and for itself, as a pseudorandom permutation: message ids, and the MAC's steps.
#pragma warning disable CA5358
        _aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        _aes.Padding = PaddingMode.None;
        _aes.Key = key;
    }

    /// <summary>Encrypts whole blocks; the arrays are not the same one.</summary>
    public void Encrypt(byte[] source, byte[] destination, int bytes)
    {
        if (bytes == 0) return;
        ICryptoTransform transform = Interlocked.Exchange(ref _spare, null) ?? Create();
        int written = transform.TransformBlock(source, 0, bytes, destination, 0);
        Invariant.Check(written == bytes, "A cipher without padding writes as many bytes as it reads.");
        if (Interlocked.CompareExchange(ref _spare, transform, null) is not null) transform.Dispose();
    }

    /// <summary>Encrypts one block. For who makes one name: it makes a transform each time.</summary>
    public void EncryptBlock(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        lock (_aes)
        {
            int written = _aes.EncryptEcb(source, destination, PaddingMode.None);
            Invariant.Check(written == BlockBytes, "A cipher without padding writes as many bytes as it reads.");
        }
    }

    /// <summary>Decrypts one block. For who looks at one message: it makes a transform each time.</summary>
    public void DecryptBlock(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        lock (_aes)
        {
            int written = _aes.DecryptEcb(source, destination, PaddingMode.None);
            Invariant.Check(written == BlockBytes, "A cipher without padding writes as many bytes as it reads.");
        }
    }

    public void Dispose()
    {
        _spare?.Dispose();
        _aes.Dispose();
    }

    private ICryptoTransform Create()
    {
        lock (_aes)
        {
            return _aes.CreateEncryptor();
        }
    }
}
