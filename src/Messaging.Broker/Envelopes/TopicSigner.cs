using Messaging.Broker.Catalog;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Envelopes;

/// <summary>Signs documents of topics as each topic wants it. Thread-safe.</summary>
internal sealed class TopicSigner(SigningKey signingKey, EnvelopeOptions options)
{
    /// <summary>The annotation of a topic that says with which version of signatures its notifications come; SNS's default is 1.</summary>
    public const string VersionAnnotation = "SignatureVersion";

    /// <summary>Null as long as the server has no key.</summary>
    public EnvelopeSignature? Sign(NotificationDocument document, LiveTopic? topic) =>
        signingKey.Signer is { } signer ? Signature(VersionOf(topic), signer.Sign(document, VersionOf(topic)), signer) : null;

    /// <summary>Null as long as the server has no key.</summary>
    public EnvelopeSignature? Sign(ConfirmationDocument document, LiveTopic? topic) =>
        signingKey.Signer is { } signer ? Signature(VersionOf(topic), signer.Sign(document, VersionOf(topic)), signer) : null;

    private EnvelopeSignature Signature(SignatureVersion version, ReadOnlyMemory<byte> base64, EnvelopeSigner signer) =>
        new(version, base64, $"{options.PublicUrl}/{signer.CertificateFileName}");

    private static SignatureVersion VersionOf(LiveTopic? topic) =>
        topic?.Definition.Annotations.TryGetValue(VersionAnnotation, out string? version) == true && version == "2" ? SignatureVersion.Sha256 : SignatureVersion.Sha1;
}
