namespace Messaging.Sdk.Tests.Interop;

/// <summary>Grpc.Net.Client, with what Grpc.Tools generates, against the real server.</summary>
[Collection(nameof(CSharpCollection))]
public sealed class CSharpClientTests(CSharpWorkspace workspace)
{
    [Fact]
    public Task Queues_topics_streams_and_refusals() => workspace.AssertPassesAsync("steps");

    [Fact]
    public async Task A_closed_server_is_called_with_an_access_key()
    {
        await using SdkServer closed = await SdkServer.StartClosedAsync();
        await workspace.AssertPassesAsync("steps", closed);
    }
}
