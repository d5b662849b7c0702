namespace Messaging.Rest.Wire;

/// <summary>How bytes are shown that a client has sent: a body, a key, a header's value.</summary>
internal enum BodyEncoding
{
    /// <summary>As text when they are valid UTF-8, else as base64; the field's name tells which.</summary>
    Auto,
    /// <summary>Always as text; what is not UTF-8 becomes U+FFFD.</summary>
    Text,
    Base64,
}
