namespace Messaging.Broker.Envelopes;

/// <summary>A document's signature and where the certificate of its key is. A value.</summary>
/// <param name="Version">How it was made.</param>
/// <param name="Base64">ASCII, as <see cref="EnvelopeSigner"/> gives it.</param>
/// <param name="CertificateUrl">Where the PEM is served, with <see cref="EnvelopeSigner.CertificateFileName"/> as its last part: that is what clients check before they fetch it.</param>
public readonly record struct EnvelopeSignature(SignatureVersion Version, ReadOnlyMemory<byte> Base64, string CertificateUrl);
