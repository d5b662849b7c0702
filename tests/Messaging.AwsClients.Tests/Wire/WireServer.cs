using System.Text;
using System.Text.Json;

namespace Messaging.AwsClients.Tests.Wire;

/// <summary>One server for the tests of the bare wire, and calls that no SDK would make. Each test takes queues of its own.</summary>
public sealed class WireServer : IAsyncLifetime
{
    public const string JsonType = "application/x-amz-json-1.0";
    public const string FormType = "application/x-www-form-urlencoded";

    private static int _queues;

    private SqsServer? _server;
    private HttpClient? _client;

    public Uri Endpoint => _server!.Endpoint;

    public async Task InitializeAsync()
    {
        _server = await SqsServer.StartOpenAsync();
        _client = new HttpClient { BaseAddress = _server.Endpoint };
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
    }

    /// <summary>A new queue: its URL, and its path.</summary>
    public async Task<(string Url, string Path)> CreateQueueAsync()
    {
        WireAnswer answer = await JsonAsync("CreateQueue", $$"""{"QueueName":"q{{Interlocked.Increment(ref _queues)}}"}""");
        Assert.Equal(200, answer.Status);
        string url = answer.Json["QueueUrl"]!.GetValue<string>();
        return (url, new Uri(url).AbsolutePath);
    }

    /// <summary>A call in AWS JSON, to the root or to a queue's path.</summary>
    public Task<WireAnswer> JsonAsync(string operation, string body, string path = "/", string type = JsonType) =>
        SendAsync(HttpMethod.Post, path, Content(Encoding.UTF8.GetBytes(body), type), ("X-Amz-Target", $"AmazonSQS.{operation}"));

    /// <summary>A call in the Query protocol, its form as it is.</summary>
    public Task<WireAnswer> FormAsync(string form, string path = "/", string type = FormType, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, Content(Encoding.UTF8.GetBytes(form), type), headers);

    /// <summary>A call in the Query protocol, in the URL.</summary>
    public Task<WireAnswer> GetAsync(string pathAndQuery, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, pathAndQuery, null, headers);

    public async Task<WireAnswer> SendAsync(HttpMethod method, string pathAndQuery, HttpContent? content, params (string Name, string Value)[] headers)
    {
        // As it is: Uri would decode and encode what it thinks it should.
        var uri = new Uri(Endpoint.ToString().TrimEnd('/') + pathAndQuery, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(method, uri) { Content = content };
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await _client!.SendAsync(request);
        var told = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);
        return new WireAnswer((int)response.StatusCode, told.GetValueOrDefault("Content-Type"), await response.Content.ReadAsStringAsync(), told);
    }

    /// <summary>Bytes of any type, also of one that is none.</summary>
    public static ByteArrayContent Content(byte[] bytes, string? type)
    {
        var content = new ByteArrayContent(bytes);
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    /// <summary>A text as JSON writes it.</summary>
    public static string Quoted(string text) => JsonSerializer.Serialize(text);
}

[CollectionDefinition(Name)]
public sealed class WireGroup : ICollectionFixture<WireServer>
{
    public const string Name = "wire";
}
