namespace Messaging.Broker.Envelopes;

/// <summary>A topic's SignatureVersion: how its documents are signed. The values are those of the documents.</summary>
public enum SignatureVersion : byte
{
    /// <summary>SHA-1, the default, for clients that know no other.</summary>
    Sha1 = 1,

    /// <summary>SHA-256.</summary>
    Sha256 = 2,
}
