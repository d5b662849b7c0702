using System.Net;
using System.Net.Sockets;
using System.Text;
using Messaging.TestKit.Processes;

namespace Messaging.Api.Tests.Hosting;

/// <summary>Start and stop of the program as its operator sees them.</summary>
public sealed class ProcessTests : IDisposable
{
    private const string FreePort = "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task It_starts_in_an_empty_folder_and_says_where_it_serves()
    {
        await using ServerProcess process = await StartAsync(FreePort);
        string printed = process.Output;

        Assert.Contains($"data in {_folder["data"]}, open on loopback", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("warn", printed, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_folder["data"]));
        using var client = new HttpClient { BaseAddress = process.Address };
        Assert.Equal("live", await client.GetStringAsync("/health/live"));
        Assert.Equal("ready", await client.GetStringAsync("/health/ready"));
    }

    [Fact]
    public async Task Termination_answers_who_waits_and_ends_with_0_quickly()
    {
        await using ServerProcess process = await StartAsync(FreePort);
        using var client = new HttpClient { BaseAddress = process.Address };
        Assert.Equal(HttpStatusCode.Created, (await client.PutAsync("/v1/queues/q", null)).StatusCode);
        Task<HttpResponseMessage> waiting = client.PostAsync("/v1/queues/q/receive", new StringContent("""{"waitSeconds":60}""", Encoding.UTF8, "application/json"));
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, CancellationToken.None);
        long start = TimeProvider.System.GetTimestamp();

        process.Terminate();

        Assert.Equal("""{"messages":[]}""", await (await waiting).Content.ReadAsStringAsync());
        Assert.Equal((0, ""), (await process.ExitAsync(Patience), process.Errors));
        Assert.Contains("Stopped", process.Output, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Theory]
    [InlineData("--Messaging:Auth:Mode=Ajar")]
    [InlineData("--Messaging:Colour=red")]
    [InlineData("--Messaging:DataDirectory")]
    [InlineData("--Kestrel:Endpoints:Http:Url=http://0.0.0.0:0")]
    [InlineData("--Kestrel:Endpoints:Http:Urls=http://127.0.0.1:0")]
    [InlineData("--Logging:LogLevel:Default=Debugg")]
    [InlineData("--port=8080")]
    [InlineData("serve")]
    [InlineData("-v")]
    public async Task A_wrong_setting_ends_it_with_2_and_one_line(string argument)
    {
        await using ServerProcess process = Launch(argument);

        Assert.Equal(2, await process.ExitAsync(Patience));
        Assert.Equal(process.Errors, process.Output);
        Assert.Single(process.Errors.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("--Kestrel:Endpoints:Http:Url=http://127.0.0.1:99999")]
    [InlineData("--Kestrel:Endpoints:Http:Url=https://127.0.0.1:0")]
    public async Task What_Kestrel_refuses_at_its_start_ends_it_with_2_and_one_line(string argument)
    {
        await using ServerProcess process = Launch(argument);

        Assert.Equal(2, await process.ExitAsync(Patience));
        Assert.Single(process.Errors.Trim().Split('\n'));
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public async Task Asked_for_help_it_says_how_it_is_used(string word)
    {
        await using ServerProcess process = Launch(word);

        Assert.Equal((0, ""), (await process.ExitAsync(Patience), process.Errors));
        Assert.StartsWith("usage: ", process.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public async Task An_upload_that_a_stop_cuts_off_is_no_fault()
    {
        await using ServerProcess process = await StartAsync(FreePort);
        Uri address = process.Address;
        using var client = new HttpClient { BaseAddress = address };
        await client.PutAsync("/v1/queues/q", null);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            "POST /v1/queues/q/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n" + new string(' ', 50_000)));
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, CancellationToken.None);

        process.Terminate();

        Assert.Equal((0, ""), (await process.ExitAsync(Patience), process.Errors));
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
        Assert.Contains("Stopped", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_beyond_loopback_is_said_loudly()
    {
        await using ServerProcess process = await StartAsync("--Kestrel:Endpoints:Http:Url=http://0.0.0.0:0", "--Messaging:Auth:AllowOpenBeyondLoopback=true");

        Assert.Contains("OPEN TO EVERYONE", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_in_use_or_a_port_in_use_ends_it_with_1_and_one_line()
    {
        await using ServerProcess first = await StartAsync(FreePort);

        await using ServerProcess sameFolder = Launch(FreePort);
        await using ServerProcess samePort = Launch($"--Kestrel:Endpoints:Http:Url={first.Address}", "--Messaging:DataDirectory=./other");

        foreach (ServerProcess second in (ServerProcess[])[sameFolder, samePort])
        {
            Assert.Equal(1, await second.ExitAsync(Patience));
            Assert.Single(second.Errors.Trim().Split('\n'));
        }
    }

    public void Dispose() => _folder.Dispose();

    private ServerProcess Launch(params string[] words) => ServerProcess.Launch(ServerStart.In(_folder.FullName, words));

    private Task<ServerProcess> StartAsync(params string[] words) => ServerProcess.StartAsync(ServerStart.In(_folder.FullName, words));
}
