using System.Text;
using Messaging.TestKit.Processes;

namespace Messaging.Api.Tests.Commands;

/// <summary>The check command as its operator runs it: the built program, on the folder of a real server.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task It_refuses_a_folder_in_use_then_passes_it_then_names_its_damage()
    {
        string data = _folder["data"];
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerStart(data));
        using (var client = new HttpClient { BaseAddress = server.Address })
        {
            await client.PutAsync("/v1/queues/q", null);
            await client.PostAsync("/v1/queues/q/messages", new StringContent("""{"messages":[{"body":"kept"}]}""", Encoding.UTF8, "application/json"));
        }

        Assert.Equal((2, ""), await CheckAsync(data));

        server.Terminate();
        await server.ExitAsync(Patience);
        string[] before = Files(data);
        var (exitCode, output) = await CheckAsync(data);
        Assert.Equal((0, "no damage"), (exitCode, LastLine(output)));
        Assert.Equal(before, Files(data));

        string checkpoint = Directory.GetFiles(Path.Combine(data, "checkpoints")).Single();
        byte[] bytes = await File.ReadAllBytesAsync(checkpoint);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(checkpoint, bytes);
        (exitCode, output) = await CheckAsync(data);
        Assert.Equal((1, "1 damaged"), (exitCode, LastLine(output)));
        Assert.Contains($"damage   checkpoints/{Path.GetFileName(checkpoint)} at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_among_foreign_files_does_not_hold_it()
    {
        string folder = _folder["pipes"];
        Directory.CreateDirectory(folder);
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", Path.Combine(folder, "pipe")))
            await mkfifo.WaitForExitAsync();
        Assert.True(File.Exists(Path.Combine(folder, "pipe")));

        // CheckAsync has patience for a while only.
        var (exitCode, _) = await CheckAsync(folder);
        Assert.NotEqual(0, exitCode);
    }

    [Fact]
    public async Task It_creates_nothing_where_there_is_no_data_folder()
    {
        string folder = _folder.FullName;

        Assert.Equal((2, ""), await CheckAsync(Path.Combine(folder, "missing")));
        Assert.Equal((2, ""), await CheckAsync(folder));
        Assert.Equal((2, ""), await CheckAsync());

        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(int ExitCode, string Output)> CheckAsync(params string[] arguments)
    {
        await using ServerProcess process = ServerProcess.Launch(ServerStart.In(_folder.FullName, ["check", .. arguments]));
        int exitCode = await process.ExitAsync(Patience);
        Assert.Equal(exitCode == 2, process.Errors.Length > 0);
        return (exitCode, process.Output == process.Errors ? "" : process.Output);
    }

    private static string LastLine(string output) => output.TrimEnd().Split('\n')[^1];

    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O}").Order(StringComparer.Ordinal)];
}
