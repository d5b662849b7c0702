using Grpc.Net.Client;
using Messaging.TestKit.Processes;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>The server as a process of its own, whose memory is nobody else's.</summary>
internal sealed class GrpcProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServerProcess _process;

    private GrpcProcess(TemporaryFolder folder, ServerProcess process) => (_folder, _process) = (folder, process);

    public Uri Address => _process.GrpcAddress;

    public string Output => _process.Output;

    /// <summary>With so much memory for what it allocates; null: as much as there is.</summary>
    public static async Task<GrpcProcess> StartAsync(long? heapBytes = null)
    {
        var folder = new TemporaryFolder();
        var start = new ServerStart(folder["data"]) { Environment = heapBytes is { } bytes ? environment => environment["DOTNET_GCHeapHardLimit"] = $"0x{bytes:x}" : null };
        return new GrpcProcess(folder, await ServerProcess.StartAsync(start));
    }

    /// <summary>A client that opens connections as it needs them.</summary>
    public GrpcChannel Connect() => GrpcChannel.ForAddress(Address, new GrpcChannelOptions
    {
        MaxReceiveMessageSize = null, HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true },
    });

    public long ResidentBytes() => _process.ResidentBytes();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
