namespace Messaging.Sdk.Tests.Interop;

/// <summary>The consumer of docs/examples/csharp-grpc.</summary>
[Collection(nameof(CSharpCollection))]
public sealed class CSharpConsumerTests(CSharpWorkspace workspace) : GrpcConsumerTests(workspace)
{
    [Fact]
    public Task No_message_is_begun_on_a_stream_that_has_broken() => workspace.AssertPassesAsync("breaking");
}
