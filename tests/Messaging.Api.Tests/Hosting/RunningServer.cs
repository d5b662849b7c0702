using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json.Nodes;
using Messaging.TestKit.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Api.Tests.Hosting;

/// <summary>
/// The real program on a free loopback port over a folder of its own. One for the tests of a class; each test takes a queue of its own.
/// </summary>
public sealed class RunningServer : IAsyncLifetime
{
    private static int _queues;

    private readonly TimeProvider _clock;
    private readonly string[] _settings;

    public RunningServer()
        : this([])
    {
    }

    /// <summary>With further settings, as words of the command line.</summary>
    internal RunningServer(params string[] settings)
        : this(TimeProvider.System, settings)
    {
    }

    /// <summary>By a clock of the test's.</summary>
    internal RunningServer(TimeProvider clock, params string[] settings) => (_clock, _settings) = (clock, settings);

    private readonly string _folder = Directory.CreateTempSubdirectory("messaging-").FullName;

    public WebApplication Server { get; private set; } = null!;

    /// <summary>The data folder.</summary>
    public string Folder => _folder;

    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = Program.Build([$"--Messaging:DataDirectory={_folder}", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", .. _settings], _clock);
        await Server.StartAsync();
        string address = Server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Server.StopAsync();
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A new queue, and its path.</summary>
    public async Task<string> CreateQueueAsync(string definition = "{}")
    {
        string path = $"/v1/queues/q{Interlocked.Increment(ref _queues)}";
        Assert.Equal(201, (await CallAsync("PUT", path, definition)).Status);
        return path;
    }

    /// <summary>A new topic, and its path; by default one whose records stay, however long ago their time is.</summary>
    public async Task<string> CreateTopicAsync(string definition = """{"retentionSeconds":null}""")
    {
        string path = $"/v1/topics/t{Interlocked.Increment(ref _queues)}";
        Assert.Equal(201, (await CallAsync("PUT", path, definition)).Status);
        return path;
    }

    /// <summary>Calls with a JSON body, or none.</summary>
    public Task<Answer> CallAsync(string method, string path, string? json = null, params (string Name, string Value)[] headers) =>
        CallAsync(method, path, json is null ? null : new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue(MediaTypeNames.Application.Json)), headers);

    public async Task<Answer> CallAsync(string method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        // As it is: Uri would decode and encode what it thinks it should.
        var uri = new Uri(Client.BaseAddress!.ToString().TrimEnd('/') + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(method), uri) { Content = content };
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await Client.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        var answer = new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body, response);
        AssertOfContract(request, answer);
        return answer;
    }

    /// <summary>Sends one text message and takes it, so that there is a receipt.</summary>
    public async Task<string> SendAndReceiveAsync(string queue, string body = "x")
    {
        Assert.Equal(200, (await CallAsync("POST", queue + "/messages", $$"""{"messages":[{"body":"{{body}}"}]}""")).Status);
        Answer received = await CallAsync("POST", queue + "/receive", """{"waitSeconds":5}""");
        return received.Json["messages"]![0]!["receipt"]!.GetValue<string>();
    }

    public async Task<(long Ready, long Leased, long Delayed)> CountsAsync(string queue)
    {
        JsonNode counts = (await CallAsync("GET", queue)).Json["counts"]!;
        return (counts["ready"]!.GetValue<long>(), counts["leased"]!.GetValue<long>(), counts["delayed"]!.GetValue<long>());
    }

    // Every answer of every test is held against openapi.yaml.
    private static void AssertOfContract(HttpRequestMessage request, Answer answer)
    {
        string[] steps = request.RequestUri!.PathAndQuery.Split('?')[0].Split('/');
        string path = steps is ["", "v1", "queues", _, "messages", { } id] && id != "raw" ? "/v1/queues/{queue}/messages/{id}"
            : steps is ["", "v1", "queues", _, .. var rest] ? "/v1/queues/{queue}" + string.Concat(rest.Select(step => "/" + step))
            : steps is ["", "v1", "topics", _, "partitions", _, .. var ofPartition] ? "/v1/topics/{topic}/partitions/{partition}" + string.Concat(ofPartition.Select(step => "/" + step))
            : steps is ["", "v1", "topics", _, .. var ofTopic] ? "/v1/topics/{topic}" + string.Concat(ofTopic.Select(step => "/" + step))
            : steps is ["", "v1", "operations", _] ? "/v1/operations/{id}" : string.Join('/', steps);
        if (OpenApiContract.Current.Operations.Contains($"{request.Method} {path}"))
            Assert.Null(OpenApiContract.Current.Judge(request.Method.Method, path, answer.Status, answer.ContentType, answer.Body));
        else if (answer.Status >= 400)
            Assert.Null(OpenApiContract.Current.Judge("GET", "/v1/queues", 400, answer.ContentType, answer.Body));
    }
}

/// <summary>What came back.</summary>
public sealed record Answer(int Status, string? ContentType, string Body, HttpResponseMessage Response)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>Status, code and place of a problem.</summary>
    public (int Status, string? Code, string? Field) Problem => (Status, Json["code"]?.GetValue<string>(), Json["field"]?.GetValue<string>());
}
