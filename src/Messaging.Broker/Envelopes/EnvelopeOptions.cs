namespace Messaging.Broker.Envelopes;

/// <summary>What notifications say of this server. Bound once in the host.</summary>
public sealed record EnvelopeOptions
{
    /// <summary>The region in the ARNs of topics of the default namespace; other namespaces are regions of their own names.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Where clients and endpoints reach this server, without a slash at its end: certificates and links of notifications begin with it.</summary>
    public string PublicUrl { get; init; } = "http://127.0.0.1:8080";
}
