using System.Net.Sockets;
using Messaging.Api.Hosting;
using Messaging.TestKit.Processes;

namespace Messaging.Api.Tests.Hosting;

public sealed class ConnectionLimitTests
{
    [Theory]
    [InlineData(long.MaxValue, 20_000)]
    [InlineData(21_024, 20_000)]
    [InlineData(21_023, 19_999)]
    [InlineData(4_096, 3_072)]
    [InlineData(1_024, 512)]
    [InlineData(0, 1)]
    public void Files_keep_their_share_of_the_descriptors(long descriptors, int connections) => Assert.Equal(connections, ConnectionLimit.OfDescriptors(descriptors));

    [Theory]
    [InlineData(long.MaxValue, 20_000)]
    [InlineData(4L << 30, 20_000)]
    [InlineData(1L << 30, 8_192)]
    [InlineData(0, 1)]
    public void Answers_that_nobody_reads_that_does_not_count_takes_no_more_than_half_of_the_memory(long memory, int connections) => Assert.Equal(connections, ConnectionLimit.OfMemory(memory));

    [Fact]
    public async Task A_low_limit_of_the_system_is_followed_and_told()
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(
            new ServerStart(folder["data"]) { Launcher = ["sh", "-c", "ulimit -n 2048 && exec \"$0\" \"$@\""] });

        Assert.Contains("At most 1024 connections and not 20000: the process may open 2048 files", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Little_memory_is_followed_and_told()
    {
        const int Connections = 1_024;
        using var folder = new TemporaryFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(
            new ServerStart(folder["data"]) { Environment = static environment => environment["DOTNET_GCHeapHardLimit"] = $"0x{128 << 20:x}" });
        var sockets = new List<Socket>();
        for (int i = 0; i < Connections + 10; i++)
        {
            sockets.Add(new Socket(SocketType.Stream, ProtocolType.Tcp));
            await sockets[i].ConnectAsync(server.Address.Host, server.Address.Port);
        }

        // Nothing was asked, so that whoever has something to read was sent away.
        int closed = 0;
        while ((closed = sockets.Count(static socket => socket.Poll(0, SelectMode.SelectRead))) < 10) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);

        Assert.InRange(closed, 10, 20);
        Assert.Contains($"At most {Connections} connections and not 20000: the process has {128 << 20} bytes of memory", server.Output, StringComparison.Ordinal);
        foreach (Socket socket in sockets) socket.Dispose();
    }
}
