namespace Messaging.Broker.Envelopes;

/// <summary>The three members that sign a document, in SNS's order. Pure. Hot path.</summary>
internal static class SignatureMembers
{
    public static void Write(ref MemberWriter members, in EnvelopeSignature signature)
    {
        members.Text("SignatureVersion"u8, Utf8Text.Version(signature.Version));
        members.Text("Signature"u8, signature.Base64.Span);
        members.Text("SigningCertURL"u8, signature.CertificateUrl);
    }
}
