using System.Diagnostics;
using System.Net;
using System.Text;
using Messaging.TestKit;
using Messaging.TestKit.Postgres;
using Messaging.TestKit.Processes;

namespace Messaging.Api.Tests.Hosting;

/// <summary>The program with its catalog in Postgres, as its operator sees it.</summary>
public sealed class CatalogProcessTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private PostgresInstance _postgres = null!;

    public async Task InitializeAsync()
    {
        if (Requirement.WhyNot("postgresql") is null) _postgres = await PostgresInstance.StartNewAsync();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        if (_postgres is not null) await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    [RequiresFact("postgresql")]
    public async Task Definitions_are_in_Postgres_and_a_restart_finds_them()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        await using (ServerProcess server = await ServerProcess.StartAsync(Start(connection)))
        {
            Assert.Equal(HttpStatusCode.Created, (await PutAsync(server, "q", """{"leaseSeconds":7}""")).StatusCode);
            Assert.Equal("7", await PostgresInstance.ExecuteAsync(connection, "SELECT definition->>'leaseSeconds' FROM messaging_queue"));
            Assert.Equal(HttpStatusCode.Created, (await _client.PutAsync(new Uri(server.Address, "/v1/topics/t"), Json("""{"partitions":3}"""))).StatusCode);
            Assert.Equal("3", await PostgresInstance.ExecuteAsync(connection, "SELECT definition->>'partitions' FROM messaging_topic"));
            server.Terminate();
            Assert.Equal(0, await server.ExitAsync(Patience));
            Assert.DoesNotContain("s3cret", server.Output, StringComparison.Ordinal);
        }

        await using ServerProcess again = await ServerProcess.StartAsync(Start(connection));
        Assert.Contains("\"leaseSeconds\":7", await _client.GetStringAsync(new Uri(again.Address, "/v1/queues/q")), StringComparison.Ordinal);
        Assert.Contains("\"partitions\":3", await _client.GetStringAsync(new Uri(again.Address, "/v1/topics/t")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(again, "q", "{}")).StatusCode);
        Assert.Equal("ready", await _client.GetStringAsync(new Uri(again.Address, "/health/ready")));
    }

    [RequiresFact("postgresql")]
    public async Task A_second_data_folder_is_refused_in_one_line_until_the_operator_decides()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        await using (ServerProcess first = await ServerProcess.StartAsync(Start(connection)))
        {
            Assert.Equal(HttpStatusCode.Created, (await PutAsync(first, "q", "{}")).StatusCode);
            await using ServerProcess second = ServerProcess.Launch(Start(connection, "second"));
            Assert.Equal(1, await second.ExitAsync(Patience));
            string line = Assert.Single(second.Errors.Trim().Split('\n'));
            Assert.Contains("is of another cluster", line, StringComparison.Ordinal);
            Assert.Contains("--catalog-truth=postgres or =mirror", line, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
            // Who was there is not disturbed.
            Assert.Equal(HttpStatusCode.Created, (await PutAsync(first, "r", "{}")).StatusCode);
        }

        await using ServerProcess decided = await ServerProcess.StartAsync(Start(connection, "second", ("catalog-truth", "postgres")));
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(decided, "q", "{}")).StatusCode);
    }

    [RequiresFact("postgresql")]
    public async Task A_folder_that_was_served_without_Postgres_moves_there_by_the_operator_s_word()
    {
        await using (ServerProcess embedded = await ServerProcess.StartAsync(Start(null))) Assert.Equal(HttpStatusCode.Created, (await PutAsync(embedded, "q", "{}")).StatusCode);
        string connection = await _postgres.CreateDatabaseAsync();
        await using (ServerProcess refused = ServerProcess.Launch(Start(connection)))
        {
            Assert.Equal(1, await refused.ExitAsync(Patience));
            Assert.Contains("is empty, and the data folder has 1 queues", refused.Errors, StringComparison.Ordinal);
        }

        await using (ServerProcess wrong = ServerProcess.Launch(Start(connection, settings: ("catalog-truth", "both"))))
        {
            Assert.Equal(2, await wrong.ExitAsync(Patience));
            Assert.Contains("--catalog-truth must be postgres or mirror", wrong.Errors, StringComparison.Ordinal);
        }

        await using ServerProcess moved = await ServerProcess.StartAsync(Start(connection, settings: ("catalog-truth", "mirror")));
        Assert.Equal("q", await PostgresInstance.ExecuteAsync(connection, "SELECT name FROM messaging_queue"));
    }

    [RequiresFact("postgresql")]
    public async Task Without_Postgres_queues_are_served_and_definitions_answer_503_until_it_is_back()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        await using (ServerProcess first = await ServerProcess.StartAsync(Start(connection))) Assert.Equal(HttpStatusCode.Created, (await PutAsync(first, "q", "{}")).StatusCode);
        await _postgres.StopAsync();
        await using ServerProcess server = await ServerProcess.StartAsync(Start(connection));

        Assert.Equal("ready; the catalog can't be reached", await _client.GetStringAsync(new Uri(server.Address, "/health/ready")));
        HttpResponseMessage refused = await PutAsync(server, "new", "{}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        Assert.Contains("\"code\":\"catalogUnavailable\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        HttpResponseMessage sent = await _client.PostAsync(new Uri(server.Address, "/v1/queues/q/messages"), Json("""{"messages":[{"body":"m"}]}"""));
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);

        await _postgres.StartAsync();
        using var source = new CancellationTokenSource(Patience, TimeProvider.System);
        while (await _client.GetStringAsync(new Uri(server.Address, "/health/ready"), source.Token) != "ready") await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, source.Token);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(server, "new", "{}")).StatusCode);
        Assert.DoesNotContain("s3cret", server.Output, StringComparison.Ordinal);
    }

    [RequiresFact("postgresql")]
    public async Task A_process_whose_folder_was_copied_is_shut_out_by_the_copy_s()
    {
        string connection = await _postgres.CreateDatabaseAsync();
        await using (ServerProcess before = await ServerProcess.StartAsync(Start(connection))) Assert.Equal(HttpStatusCode.Created, (await PutAsync(before, "q", "{}")).StatusCode);
        using (var copy = Process.Start("cp", ["-r", _folder["data"], _folder["copy"]])) await copy.WaitForExitAsync();
        await using ServerProcess older = await ServerProcess.StartAsync(Start(connection));
        await using ServerProcess newer = await ServerProcess.StartAsync(Start(connection, "copy"));

        HttpResponseMessage refused = await PutAsync(older, "new", "{}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("Another process has taken over the catalog", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await older.WrittenAsync("Another process has taken over the catalog").WaitAsync(Patience);
        Assert.StartsWith("ready; the catalog must not be used", await _client.GetStringAsync(new Uri(older.Address, "/health/ready")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(newer, "new", "{}")).StatusCode);
    }

    [Theory]
    [InlineData("--ConnectionStrings:Catalog=Hots=db;Password=s3cret", 2)]
    [InlineData("--ConnectionStrings:Catalog=Host=db;Port=s3cret", 2)]
    [InlineData("Password=s3cret", 2)]
    [InlineData("--catalog-truth=mirror", 2)]
    public async Task What_is_wrong_is_said_without_a_secret(string word, int code)
    {
        await using ServerProcess server = ServerProcess.Launch(ServerStart.In(_folder.FullName, "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", word));

        Assert.Equal(code, await server.ExitAsync(Patience));
        Assert.Single(server.Errors.Trim().Split('\n'));
        Assert.DoesNotContain("s3cret", server.Output, StringComparison.Ordinal);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private Task<HttpResponseMessage> PutAsync(ServerProcess server, string queue, string definition) =>
        _client.PutAsync(new Uri(server.Address, $"/v1/queues/{queue}"), Json(definition));

    private ServerStart Start(string? connection, string folder = "data", params (string Name, string Value)[] settings)
    {
        var all = settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        if (connection is not null) all.Add("ConnectionStrings:Catalog", connection + ";Password=s3cret");
        return new ServerStart(_folder[folder]) { Settings = all };
    }
}
