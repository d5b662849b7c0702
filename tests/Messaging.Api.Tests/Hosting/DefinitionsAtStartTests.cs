using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Messaging.TestKit.Processes;

namespace Messaging.Api.Tests.Hosting;

/// <summary>The file of Messaging:Definitions, as the operator of a real server sees it.</summary>
public sealed class DefinitionsAtStartTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_file_is_applied_before_the_server_is_ready_and_says_what_it_changed()
    {
        await WriteAsync("""{"queues":[{"name":"orders","leaseSeconds":60},{"name":"dead","namespace":"blue"}],"topics":[{"name":"events","partitions":3}],"subscriptions":[{"topic":"events","name":"s","target":{"queue":"orders"}}]}""");
        await using (ServerProcess first = await ServerProcess.StartAsync(Start()))
        {
            Assert.Contains($"Definitions of {_folder["queues.json"]}: 4 created, 0 changed, 0 as they were.", first.Output, StringComparison.Ordinal);
            Assert.Contains("Queue orders of default created: leaseSeconds.", first.Output, StringComparison.Ordinal);
            Assert.Contains("Topic events of default created: partitions.", first.Output, StringComparison.Ordinal);
            Assert.Contains("Subscription events/s of default created: target.", first.Output, StringComparison.Ordinal);
            Assert.True(first.Output.IndexOf("Definitions of", StringComparison.Ordinal) < first.Output.IndexOf("Ready at", StringComparison.Ordinal));
            Assert.Equal(2, await CountAsync(first));
            first.Terminate();
            Assert.Equal(0, await first.ExitAsync(Patience));
        }

        // With the mark that some editors leave.
        await WriteAsync("""{"queues":[{"name":"orders","leaseSeconds":90}]}""", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await using ServerProcess second = await ServerProcess.StartAsync(Start());
        Assert.Contains(": 0 created, 1 changed, 0 as they were.", second.Output, StringComparison.Ordinal);
        Assert.Equal(2, await CountAsync(second));
    }

    [Fact]
    public async Task A_bad_file_refuses_the_start_with_the_first_errors_in_one_line_and_changes_nothing()
    {
        await WriteAsync("""{"queues":[{"name":"good"},{"name":"a","leaseSeconds":-1},{"name":"b","tags":{"":""}},{"name":"good"},{"name":"c","x":1},{}]}""");
        await using (ServerProcess refused = ServerProcess.Launch(Start()))
        {
            Assert.Equal(2, await refused.ExitAsync(Patience));
            string line = Assert.Single(refused.Errors.Trim().Split('\n'));
            Assert.Contains("queues[1].leaseSeconds: ", line, StringComparison.Ordinal);
            Assert.Contains("queues[2].tags: ", line, StringComparison.Ordinal);
            Assert.Contains("queues[3].name: ", line, StringComparison.Ordinal);
            Assert.EndsWith(" And 2 more.", line.TrimEnd(), StringComparison.Ordinal);
            Assert.DoesNotContain("Ready at", refused.Output, StringComparison.Ordinal);
        }

        File.Delete(_folder["queues.json"]);
        await using ServerProcess started = await ServerProcess.StartAsync(Start(withFile: false));
        Assert.Contains("stopped clean: True", started.Output, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(started));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"groups":[]}""")]
    [InlineData("")]
    public async Task What_is_no_document_refuses_the_start(string text)
    {
        await WriteAsync(text);
        await using ServerProcess refused = ServerProcess.Launch(Start());

        Assert.Equal(2, await refused.ExitAsync(Patience));
        Assert.Contains("Messaging:Definitions", Assert.Single(refused.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_missing_or_none_refuses_the_start_before_the_data_is_touched(bool isFolder)
    {
        if (isFolder)
            Directory.CreateDirectory(_folder["queues.json"]);
        await using ServerProcess refused = ServerProcess.Launch(Start());

        Assert.Equal(2, await refused.ExitAsync(Patience));
        string line = Assert.Single(refused.Errors.Trim().Split('\n'));
        Assert.Contains($"Messaging:Definitions: {_folder["queues.json"]} can't be read.", line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["data"]));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<int> CountAsync(ServerProcess server)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        return (await client.GetFromJsonAsync<JsonObject>("/v1/definitions"))!["queues"]!.AsArray().Count;
    }

    private Task WriteAsync(string text, Encoding? encoding = null) => File.WriteAllTextAsync(_folder["queues.json"], text, encoding ?? new UTF8Encoding(false));

    private ServerStart Start(bool withFile = true) => ServerStart.In(
        _folder.FullName, ["--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", .. withFile ? ["--Messaging:Definitions=queues.json"] : Array.Empty<string>()]);
}
