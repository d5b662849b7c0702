using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Messaging.Broker.Envelopes;

/// <summary>What is signed in the end: the hash of a document's canonical text. A value.</summary>
internal readonly record struct SignedDigest(SignatureVersion Version, UInt128 First, UInt128 Second)
{
    public HashAlgorithmName Algorithm => AlgorithmOf(Version);

    public static SignedDigest Of(ReadOnlySpan<byte> text, SignatureVersion version)
    {
        Span<UInt128> halves = stackalloc UInt128[2];
        CryptographicOperations.HashData(AlgorithmOf(version), text, MemoryMarshal.AsBytes(halves));
        return new SignedDigest(version, halves[0], halves[1]);
    }

    /// <summary>The hash's bytes: 20 or 32.</summary>
    public ReadOnlySpan<byte> CopyTo(Span<UInt128> halves)
    {
        (halves[0], halves[1]) = (First, Second);
        return MemoryMarshal.AsBytes(halves)[..(Version == SignatureVersion.Sha1 ? SHA1.HashSizeInBytes : SHA256.HashSizeInBytes)];
    }

    private static HashAlgorithmName AlgorithmOf(SignatureVersion version) => version switch
    {
        SignatureVersion.Sha1 => HashAlgorithmName.SHA1,
        SignatureVersion.Sha256 => HashAlgorithmName.SHA256,
    };
}
