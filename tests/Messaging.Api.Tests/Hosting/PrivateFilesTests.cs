using Messaging.TestKit.Processes;

namespace Messaging.Api.Tests.Hosting;

public sealed class PrivateFilesTests
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [Fact]
    public async Task What_the_server_writes_is_its_own_users_only()
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerStart(folder["data"]));
        // While it runs it renames what it has made, between a listing and a look.
        server.Terminate();
        Assert.Equal(0, await server.ExitAsync(TimeSpan.FromSeconds(30)));

        string[] written = [folder["data"], .. Directory.EnumerateFileSystemEntries(folder["data"], "*", SearchOption.AllDirectories)];

        Assert.True(written.Length > 5);
        Assert.All(written, path => Assert.Equal(UnixFileMode.None, new FileInfo(path).UnixFileMode & Others));
    }
}
