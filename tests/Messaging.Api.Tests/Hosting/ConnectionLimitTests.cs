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
    public void Files_keep_their_share_of_the_descriptors(long descriptors, int connections) => Assert.Equal(connections, ConnectionLimit.Of(descriptors));

    [Fact]
    public async Task A_low_limit_of_the_system_is_followed_and_told()
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(
            new ServerStart(folder["data"]) { Launcher = ["sh", "-c", "ulimit -n 2048 && exec \"$0\" \"$@\""] });

        Assert.Contains("At most 1024 connections and not 20000: the process may open 2048 files", server.Output, StringComparison.Ordinal);
    }
}
