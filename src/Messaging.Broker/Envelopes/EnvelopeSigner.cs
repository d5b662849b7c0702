using System.Buffers;
using System.Security.Cryptography;

namespace Messaging.Broker.Envelopes;

/// <summary>
/// Signs the documents of one server with its key: RSA of 2,048 bits, PKCS #1 v1.5 (SNS Developer Guide, "Verifying the signatures of Amazon SNS messages"). A signature does not depend on the
/// subscriber, so that all subscribers of a message cost one: it is remembered for a while. Owned by who made it; thread-safe.
/// </summary>
public sealed class EnvelopeSigner : IDisposable
{
    /// <summary>Bits of the key; what SNS has.</summary>
    public const int KeyBits = 2_048;

    /// <summary>The name of SNS's own certificates, which some clients check.</summary>
    public const string CertificateNameDefault = "sns.amazonaws.com";

    private readonly RememberingSigner[] _signers = new RememberingSigner[EnvelopeLimits.SignersMax];
    private readonly byte[] _key;

    private EnvelopeSigner(RSA key, string certificateName)
    {
        _key = key.ExportPkcs8PrivateKey();
        (CertificatePem, CertificateFileName) = SigningCertificate.Of(key, certificateName);
        for (int index = 0; index < _signers.Length; index++) _signers[index] = new RememberingSigner(Copy(_key));
    }

    /// <summary>The certificate of the key, public: self-signed, the same for the same key and name.</summary>
    public string CertificatePem { get; }

    /// <summary>"SimpleNotificationService-" and 32 hexadecimal digits of the key's hash and ".pem".</summary>
    public string CertificateFileName { get; }

    /// <summary>With a new key.</summary>
    /// <param name="certificateName">A DNS name.</param>
    public static EnvelopeSigner Create(string certificateName = CertificateNameDefault)
    {
        using var key = RSA.Create(KeyBits);
        return new EnvelopeSigner(key, certificateName);
    }

    /// <summary>With a key that <see cref="ExportKey"/> gave. Throws <see cref="CryptographicException"/> when it is none, which is damage.</summary>
    public static EnvelopeSigner Import(ReadOnlySpan<byte> pkcs8, string certificateName = CertificateNameDefault)
    {
        using RSA key = Copy(pkcs8);
        return new EnvelopeSigner(key, certificateName);
    }

    /// <summary>The key as PKCS #8, DER, not encrypted: a secret, never logged.</summary>
    public byte[] ExportKey() => (byte[])_key.Clone();

    /// <summary>In base64, ASCII: 344 bytes.</summary>
    public ReadOnlyMemory<byte> Sign(NotificationDocument document, SignatureVersion version)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CanonicalText.BytesMax(document));
        ReadOnlyMemory<byte> signature = Sign(CanonicalText.Write(document, buffer), version);
        ArrayPool<byte>.Shared.Return(buffer);
        return signature;
    }

    /// <summary>In base64, ASCII: 344 bytes.</summary>
    public ReadOnlyMemory<byte> Sign(ConfirmationDocument document, SignatureVersion version)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CanonicalText.BytesMax(document));
        ReadOnlyMemory<byte> signature = Sign(CanonicalText.Write(document, buffer), version);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return signature;
    }

    public void Dispose()
    {
        foreach (RememberingSigner signer in _signers) signer.Dispose();
        CryptographicOperations.ZeroMemory(_key);
    }

    private ReadOnlyMemory<byte> Sign(ReadOnlySpan<byte> text, SignatureVersion version)
    {
        SignedDigest digest = SignedDigest.Of(text, version);
        return _signers[(int)((ulong)digest.First % (ulong)_signers.Length)].Sign(digest);
    }

    private static RSA Copy(ReadOnlySpan<byte> pkcs8)
    {
        var key = RSA.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
