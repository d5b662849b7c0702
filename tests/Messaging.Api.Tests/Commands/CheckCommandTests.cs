using System.Text;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Commands;

/// <summary>The check command as its operator runs it: the built program, on the folder of a real server.</summary>
public sealed class CheckCommandTests
{
    [Fact]
    public async Task It_refuses_a_folder_in_use_then_passes_it_then_names_its_damage()
    {
        await using var server = new ServerProcess("--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0");
        using (var client = new HttpClient { BaseAddress = ServerProcess.AddressIn(await server.ReadUntilReadyAsync()) })
        {
            await client.PutAsync("/v1/queues/q", null);
            await client.PostAsync("/v1/queues/q/messages", new StringContent("""{"messages":[{"body":"kept"}]}""", Encoding.UTF8, "application/json"));
        }

        string data = Path.Combine(server.Folder, "data");
        Assert.Equal((2, ""), await CheckAsync(data));

        server.Terminate();
        await server.WaitForExitAsync();
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
    public async Task It_creates_nothing_where_there_is_no_data_folder()
    {
        string folder = Directory.CreateTempSubdirectory("messaging-").FullName;

        Assert.Equal((2, ""), await CheckAsync(Path.Combine(folder, "missing")));
        Assert.Equal((2, ""), await CheckAsync(folder));
        Assert.Equal((2, ""), await CheckAsync());

        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder);
    }

    private static async Task<(int ExitCode, string Output)> CheckAsync(params string[] arguments)
    {
        await using var process = new ServerProcess(["check", .. arguments]);
        var (exitCode, output, errors) = await process.WaitForExitAsync();
        Assert.Equal(exitCode == 2, errors.Length > 0);
        return (exitCode, output);
    }

    private static string LastLine(string output) => output.TrimEnd().Split('\n')[^1];

    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O}").Order(StringComparer.Ordinal)];
}
