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

        string[] written = [folder["data"], .. Directory.EnumerateFileSystemEntries(folder["data"], "*", SearchOption.AllDirectories)];

        Assert.True(written.Length > 5);
        Assert.All(written, path => Assert.Equal(UnixFileMode.None, new FileInfo(path).UnixFileMode & Others));
    }
}
