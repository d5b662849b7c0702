using Messaging.TestKit.Signing;

namespace Messaging.Grpc.Tests.Conformance;

/// <summary>Who calls over AWS, and where: without a key unsigned, or in another region than the server's own by a signature that an open server takes at its word.</summary>
internal sealed record AwsCaller(string Region = AwsCaller.OwnRegion, string Account = "000000000000", string? KeyId = null, string Secret = "")
{
    private const string OwnRegion = "us-east-1";

    public SignedCall Sign(SignedCall call, string service)
    {
        if (KeyId is not null)
            return new ReferenceSigner(KeyId, Secret, TimeProvider.System.GetUtcNow(), Region, service).Sign(call);
        return Region == OwnRegion ? call : call.With("Authorization", $"AWS4-HMAC-SHA256 Credential={Account}/20260101/{Region}/{service}/aws4_request, SignedHeaders=host, Signature=0");
    }
}
