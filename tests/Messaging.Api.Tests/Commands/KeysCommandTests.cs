using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Messaging.TestKit.Processes;

namespace Messaging.Api.Tests.Commands;

/// <summary>The commands on keys as their operator runs them, and a closed server that takes what they made.</summary>
public sealed class KeysCommandTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    private string Data => $"--Messaging:DataDirectory={_folder["data"]}";

    [Fact]
    public async Task A_closed_server_takes_the_keys_that_were_made_and_shows_each_account_its_own_queues()
    {
        (string id, string secret) = await CreateAsync("--account", "111122223333");
        (string otherId, string otherSecret) = await CreateAsync("--account=444455556666", "--id=OTHER_KEY_OF_MINE");
        Assert.Matches("^AKIA[A-Z2-7]{16}$", id);
        Assert.Matches("^[A-Za-z0-9+/]{40}$", secret);
        Assert.Equal("OTHER_KEY_OF_MINE", otherId);
        Assert.NotEqual(secret, otherSecret);
        Assert.Equal((0, $"{id}  111122223333\n{otherId}  444455556666\n", ""), await KeysAsync("list", Data));

        await using ServerProcess server = await ServerProcess.StartAsync(Closed());
        using var client = new HttpClient { BaseAddress = server.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(client, HttpMethod.Put, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await CallAsync(client, HttpMethod.Put, $"{id}:{secret}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(client, HttpMethod.Get, $"{id}:{secret}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync(client, HttpMethod.Get, $"{otherId}:{otherSecret}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(client, HttpMethod.Get, $"{otherId}:{secret}")).StatusCode);
        (int exitCode, _, string errors) = await KeysAsync("list", Data);
        Assert.Equal(1, exitCode);
        Assert.Contains("is locked", errors, StringComparison.Ordinal);
        await StopAsync(server);
        Assert.DoesNotContain(secret, server.Output, StringComparison.Ordinal);
        Assert.Contains("closed: access keys only", server.Output, StringComparison.Ordinal);

        Assert.Equal((0, "", ""), await KeysAsync("delete", id, Data));
        await using ServerProcess again = await ServerProcess.StartAsync(Closed());
        using var second = new HttpClient { BaseAddress = again.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(second, HttpMethod.Get, $"{id}:{secret}")).StatusCode);
    }

    [Fact]
    public async Task A_closed_server_without_keys_starts_and_says_how_to_make_one()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(Closed());

        Assert.Contains("CLOSED TO EVERYONE", server.Output, StringComparison.Ordinal);
        Assert.Contains("keys create", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_understood_makes_nothing()
    {
        Assert.Equal(2, (await KeysAsync()).ExitCode);
        Assert.Equal(2, (await KeysAsync("crate", Data)).ExitCode);
        Assert.Equal(2, (await KeysAsync("create", Data, "--account=1")).ExitCode);
        Assert.Equal(2, (await KeysAsync("create", Data, "--account")).ExitCode);
        Assert.Equal(2, (await KeysAsync("create", Data, "--id=a", "--id=b")).ExitCode);
        Assert.Equal(2, (await KeysAsync("create", Data, "--name=x")).ExitCode);
        Assert.Equal(2, (await KeysAsync("list", "--Messaging:DataDirectori=x")).ExitCode);
        Assert.Equal(2, (await KeysAsync("list", Data)).ExitCode);
        Assert.Equal(2, (await KeysAsync("delete", "AKIAIOSFODNN7EXA", Data)).ExitCode);
        Assert.False(Directory.Exists(_folder["data"]));

        (int exitCode, string output, string errors) = await KeysAsync("create", Data, "--id=short");
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("An access key's id has 16 to 128", errors, StringComparison.Ordinal);
        Assert.Equal(1, (await KeysAsync("delete", "AKIAIOSFODNN7EXA", Data)).ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private ServerStart Closed() => new(_folder["data"]) { Settings = new Dictionary<string, string> { ["Messaging:Auth:Mode"] = "Closed" } };

    private static async Task StopAsync(ServerProcess server)
    {
        server.Terminate();
        Assert.Equal(0, await server.ExitAsync(Patience));
    }

    private static async Task<HttpResponseMessage> CallAsync(HttpClient client, HttpMethod method, string? credentials)
    {
        using var request = new HttpRequestMessage(method, "/v1/queues/q");
        if (credentials is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        return await client.SendAsync(request);
    }

    private async Task<(string Id, string Secret)> CreateAsync(params string[] words)
    {
        (int exitCode, string output, string errors) = await KeysAsync(["create", Data, .. words]);
        Assert.Equal((0, ""), (exitCode, errors));
        Match match = Regex.Match(output, @"^access key id      (\S+)\nsecret access key  (\S+)\naccount            [0-9]{12}\n\z");
        Assert.True(match.Success, output);
        return (match.Groups[1].Value, match.Groups[2].Value);
    }

    private async Task<(int ExitCode, string Output, string Errors)> KeysAsync(params string[] arguments)
    {
        await using ServerProcess process = ServerProcess.Launch(ServerStart.In(_folder.FullName, ["keys", .. arguments]));
        int exitCode = await process.ExitAsync(Patience);
        return (exitCode, process.Errors.Length > 0 ? "" : process.Output.ReplaceLineEndings("\n"), process.Errors);
    }
}
