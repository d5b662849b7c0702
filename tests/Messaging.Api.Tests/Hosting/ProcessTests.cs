using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Messaging.Api.Tests.Hosting;

/// <summary>Start and stop of the program as its operator sees them.</summary>
public sealed class ProcessTests
{
    private const string FreePort = "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0";

    [Fact]
    public async Task It_starts_in_an_empty_folder_and_says_where_it_serves()
    {
        await using var process = new ServerProcess(FreePort);
        string printed = await process.ReadUntilReadyAsync();

        Assert.Contains($"data in {process.Folder}/data, open on loopback", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("warn", printed, StringComparison.Ordinal);
        Assert.True(Directory.Exists(process.Folder + "/data"));
        using var client = new HttpClient { BaseAddress = ServerProcess.AddressIn(printed) };
        Assert.Equal("live", await client.GetStringAsync("/health/live"));
        Assert.Equal("ready", await client.GetStringAsync("/health/ready"));
    }

    [Fact]
    public async Task Termination_answers_who_waits_and_ends_with_0_quickly()
    {
        await using var process = new ServerProcess(FreePort);
        using var client = new HttpClient { BaseAddress = ServerProcess.AddressIn(await process.ReadUntilReadyAsync()) };
        Assert.Equal(HttpStatusCode.Created, (await client.PutAsync("/v1/queues/q", null)).StatusCode);
        Task<HttpResponseMessage> waiting = client.PostAsync("/v1/queues/q/receive", new StringContent("""{"waitSeconds":60}""", Encoding.UTF8, "application/json"));
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, CancellationToken.None);
        long start = TimeProvider.System.GetTimestamp();

        process.Terminate();

        Assert.Equal("""{"messages":[]}""", await (await waiting).Content.ReadAsStringAsync());
        var (exitCode, output, errors) = await process.WaitForExitAsync();
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("Stopped", output, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Theory]
    [InlineData("--Messaging:Auth:Mode=Closed")]
    [InlineData("--Messaging:Colour=red")]
    [InlineData("--Messaging:DataDirectory")]
    [InlineData("--Kestrel:Endpoints:Http:Url=http://0.0.0.0:0")]
    [InlineData("--Kestrel:Endpoints:Http:Urls=http://127.0.0.1:0")]
    [InlineData("--port=8080")]
    [InlineData("serve")]
    [InlineData("-v")]
    public async Task A_wrong_setting_ends_it_with_2_and_one_line(string argument)
    {
        await using var process = new ServerProcess(argument);
        var (exitCode, output, errors) = await process.WaitForExitAsync();

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Single(errors.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public async Task Asked_for_help_it_says_how_it_is_used(string word)
    {
        await using var process = new ServerProcess(word);
        var (exitCode, output, errors) = await process.WaitForExitAsync();

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.StartsWith("usage: ", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(process.Folder));
    }

    [Fact]
    public async Task An_upload_that_a_stop_cuts_off_is_no_fault()
    {
        await using var process = new ServerProcess(FreePort);
        Uri address = ServerProcess.AddressIn(await process.ReadUntilReadyAsync());
        using var client = new HttpClient { BaseAddress = address };
        await client.PutAsync("/v1/queues/q", null);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            "POST /v1/queues/q/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n" + new string(' ', 50_000)));
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, CancellationToken.None);

        process.Terminate();

        var (exitCode, output, errors) = await process.WaitForExitAsync();
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.False(output.Contains("   at ", StringComparison.Ordinal), output);
        Assert.Contains("Stopped", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_beyond_loopback_is_said_loudly()
    {
        await using var process = new ServerProcess("--Kestrel:Endpoints:Http:Url=http://0.0.0.0:0", "--Messaging:Auth:AllowOpenBeyondLoopback=true");

        Assert.Contains("OPEN TO EVERYONE", await process.ReadUntilReadyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_in_use_or_a_port_in_use_ends_it_with_1_and_one_line()
    {
        await using var first = new ServerProcess(FreePort);
        Uri address = ServerProcess.AddressIn(await first.ReadUntilReadyAsync());

        await using var sameFolder = new ServerProcess(FreePort, $"--Messaging:DataDirectory={first.Folder}/data");
        await using var samePort = new ServerProcess($"--Kestrel:Endpoints:Http:Url={address}");

        foreach (ServerProcess second in (ServerProcess[])[sameFolder, samePort])
        {
            var (exitCode, _, errors) = await second.WaitForExitAsync();
            Assert.Equal(1, exitCode);
            Assert.Single(errors.Trim().Split('\n'));
        }
    }
}
