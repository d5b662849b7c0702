using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Messaging.Broker.Envelopes;

namespace Messaging.Broker.Tests.Envelopes;

public sealed class EnvelopeSignerTests : IDisposable
{
    private readonly EnvelopeSigner _signer = EnvelopeSigner.Create();

    public void Dispose() => _signer.Dispose();

    [Theory]
    [InlineData(SignatureVersion.Sha1, "My First Message")]
    [InlineData(SignatureVersion.Sha1, null)]
    [InlineData(SignatureVersion.Sha256, "Zeilen\n\"und\" 😀")]
    [InlineData(SignatureVersion.Sha256, null)]
    public void A_client_verifies_a_notification_by_the_certificate(SignatureVersion version, string? subject)
    {
        NotificationDocument document = Sample.Notification with { Subject = subject, Message = Sample.Bytes("a \"b\"\n\\ é 中 😀 \u0001") };

        string json = Sample.Json(document, new NotificationDelivery(Sample.UnsubscribeUrl, new EnvelopeSignature(version, _signer.Sign(document, version), Sample.CertificateUrl)));

        string[] names = subject is null ? ["Message", "MessageId", "Timestamp", "TopicArn", "Type"] : ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
        Assert.True(Verifies(json, names));
        Assert.False(Verifies(json.Replace("MyTopic\"", "YourTopic\"", StringComparison.Ordinal), names));
    }

    [Theory]
    [InlineData(SignatureVersion.Sha1, ConfirmationKind.Subscribe)]
    [InlineData(SignatureVersion.Sha256, ConfirmationKind.Subscribe)]
    [InlineData(SignatureVersion.Sha256, ConfirmationKind.Unsubscribe)]
    public void A_client_verifies_a_confirmation_by_the_certificate(SignatureVersion version, ConfirmationKind kind)
    {
        ConfirmationDocument document = Sample.Confirmation with { Kind = kind };

        string json = Sample.Json(document, new EnvelopeSignature(version, _signer.Sign(document, version), Sample.CertificateUrl));

        Assert.True(Verifies(json, ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]));
        Assert.False(Verifies(json.Replace("2336412f37", "2336412f38", StringComparison.Ordinal), ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_signed_as_they_are_told()
    {
        NotificationDocument document = Sample.Notification with { Message = new byte[] { 0xFF, 0x41 }, Subject = "half \ud83d" };

        string json = Sample.Json(document, new NotificationDelivery(null, new EnvelopeSignature(SignatureVersion.Sha256, _signer.Sign(document, SignatureVersion.Sha256), "")));

        Assert.True(Verifies(json, ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]));
    }

    [Fact]
    public void An_imported_key_signs_and_is_certified_as_before()
    {
        using EnvelopeSigner again = EnvelopeSigner.Import(_signer.ExportKey());

        Assert.Equal(_signer.CertificatePem, again.CertificatePem);
        Assert.Equal(_signer.CertificateFileName, again.CertificateFileName);
        Assert.Equal(_signer.Sign(Sample.Notification, SignatureVersion.Sha256).ToArray(), again.Sign(Sample.Notification, SignatureVersion.Sha256).ToArray());
        Assert.ThrowsAny<CryptographicException>(() => EnvelopeSigner.Import(again.ExportKey().AsSpan(0, 100)));
    }

    [Fact]
    public void Each_key_has_a_file_of_its_own_that_clients_accept()
    {
        using EnvelopeSigner other = EnvelopeSigner.Create();

        Assert.NotEqual(_signer.CertificateFileName, other.CertificateFileName);
        Assert.Matches(new Regex("^SimpleNotificationService-[0-9a-f]{32}\\.pem$"), _signer.CertificateFileName);
    }

    [Fact]
    public void The_certificate_is_for_the_name_and_signed_by_its_own_key()
    {
        using EnvelopeSigner signer = EnvelopeSigner.Create("sns.example.org");
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(signer.CertificatePem);

        Assert.Equal("CN=sns.example.org", certificate.Subject);
        Assert.Equal(certificate.Subject, certificate.Issuer);
        Assert.True(certificate.MatchesHostname("sns.example.org"));
        Assert.Equal(2_048, certificate.GetRSAPublicKey()!.KeySize);
        Assert.Equal(new DateTime(2049, 12, 31, 23, 59, 59), certificate.NotAfter.ToUniversalTime());
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        Assert.True(chain.Build(certificate));
    }

    [Fact]
    public void All_subscribers_of_a_message_share_one_signature()
    {
        ReadOnlyMemory<byte> first = _signer.Sign(Sample.Notification, SignatureVersion.Sha256);

        Assert.True(first.Equals(_signer.Sign(Sample.Notification with { Sequence = 9 }, SignatureVersion.Sha256)));
        Assert.False(first.Equals(_signer.Sign(Sample.Notification, SignatureVersion.Sha1)));
        Assert.NotEqual(first.ToArray(), _signer.Sign(Sample.Notification with { Message = Sample.Bytes("other") }, SignatureVersion.Sha256).ToArray());
    }

    [Fact]
    public void A_signer_forgets_the_oldest_signature_and_makes_the_same_one_again()
    {
        using var key = RSA.Create(1_024);
        using var signer = new RememberingSigner(key);
        int kept = EnvelopeLimits.SignaturesRememberedMax / EnvelopeLimits.SignersMax;
        SignedDigest Digest(int number) => SignedDigest.Of(BitConverter.GetBytes(number), SignatureVersion.Sha256);

        ReadOnlyMemory<byte> oldest = signer.Sign(Digest(0));
        ReadOnlyMemory<byte> second = signer.Sign(Digest(1));
        for (int number = 2; number <= kept; number++) signer.Sign(Digest(number));

        Assert.True(second.Equals(signer.Sign(Digest(1))));
        ReadOnlyMemory<byte> again = signer.Sign(Digest(0));
        Assert.False(oldest.Equals(again));
        Assert.Equal(oldest.ToArray(), again.ToArray());
    }

    [Fact]
    public void Many_threads_sign_at_once()
    {
        using var certificate = X509Certificate2.CreateFromPem(_signer.CertificatePem);
        Parallel.For(0, 200, number =>
        {
            NotificationDocument document = Sample.Notification with { PublishedAtMs = number % 50 };
            string json = Sample.Json(document, new NotificationDelivery(null, new EnvelopeSignature(SignatureVersion.Sha256, _signer.Sign(document, SignatureVersion.Sha256), "")));
            Assert.True(Verifies(json, ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]));
        });
    }

    // As clients do it: from the members of the JSON, by what the standard library knows of certificates.
    private bool Verifies(string json, string[] names)
    {
        using var parsed = JsonDocument.Parse(json);
        string text = string.Concat(names.Select(name => $"{name}\n{parsed.RootElement.GetProperty(name).GetString()}\n"));
        HashAlgorithmName hash = parsed.RootElement.GetProperty("SignatureVersion").GetString() == "1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(_signer.CertificatePem);
        using RSA key = certificate.GetRSAPublicKey()!;
        return key.VerifyData(Encoding.UTF8.GetBytes(text), parsed.RootElement.GetProperty("Signature").GetBytesFromBase64(), hash, RSASignaturePadding.Pkcs1);
    }
}
