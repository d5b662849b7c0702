using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Messaging.Broker.Envelopes;

/// <summary>
/// The self-signed certificate of a signing key. It follows from the key and the name alone: PKCS #1 signatures have no chance in them, and neither dates nor serial come from outside, so that the key is all
/// that a server must keep. Pure.
/// </summary>
internal static class SigningCertificate
{
    // From before any server of this kind, to the last day that an X.509 UTCTime can say: there is nobody who would renew it.
    private static readonly DateTimeOffset NotBefore = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset NotAfter = new(2049, 12, 31, 23, 59, 59, TimeSpan.Zero);

    private const int SerialBytes = 16;

    /// <summary>The PEM, and the file name under which clients accept it: "SimpleNotificationService-", 32 hexadecimal digits and ".pem", as their validators ask.</summary>
    public static (string Pem, string FileName) Of(RSA key, string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key.ExportSubjectPublicKeyInfo(), hash);
        byte[] serial = hash[..SerialBytes].ToArray();
        string fileName = $"SimpleNotificationService-{Convert.ToHexStringLower(serial)}.pem";

        // A serial is a positive integer in its shortest form (RFC 5280, section 4.1.2.2).
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        using X509Certificate2 certificate = request.Create(request.SubjectName, X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1), NotBefore, NotAfter, serial);
        return (certificate.ExportCertificatePem(), fileName);
    }
}
