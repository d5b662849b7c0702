using System.Text;
using System.Text.Json.Nodes;

namespace Messaging.Grpc.Tests.Conformance;

/// <summary>Calls over REST. An outcome is "" for a success, else the code of the problem. Thread-safe.</summary>
internal sealed class RestCalls : IDisposable
{
    private readonly HttpClient _client;
    private readonly (string Name, string Value)[] _headers;

    public RestCalls(Uri address)
        : this(new HttpClient { BaseAddress = address }, [])
    {
    }

    private RestCalls(HttpClient client, (string Name, string Value)[] headers) => (_client, _headers) = (client, headers);

    /// <summary>The same connection, with a header on every call; gone with this one.</summary>
    public RestCalls With(string name, string value) => new(_client, [.. _headers, (name, value)]);

    /// <summary>The outcome, and the document that was answered, if any; a problem too.</summary>
    public async Task<(string Outcome, JsonNode? Json)> CallAsync(HttpMethod method, string path, JsonNode? body = null, string? version = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (version is not null) request.Headers.Add("If-Match", version);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        JsonNode? json = text.Length == 0 ? null : JsonNode.Parse(text);
        return (response.IsSuccessStatusCode ? "" : json!["code"]!.GetValue<string>(), json);
    }

    /// <summary>The outcome alone.</summary>
    public async Task<string> OutcomeAsync(HttpMethod method, string path, JsonNode? body = null, string? version = null) => (await CallAsync(method, path, body, version)).Outcome;

    /// <summary>The version that changes of what is there can name.</summary>
    public async Task<string> VersionAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using HttpResponseMessage response = await SendAsync(request);
        return response.Headers.ETag!.ToString();
    }

    /// <summary>The outcome of a body that is none of JSON, by the POST of a request with further headers.</summary>
    public async Task<string> OutcomeAsync(string path, byte[] body, string contentType, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.Add("Content-Type", contentType);
        foreach ((string name, string value) in headers) request.Headers.Add(name, value);
        using HttpResponseMessage response = await SendAsync(request);
        return response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync();
    }

    /// <summary>What is told of each entry, also where all of them failed; or one outcome, of the call.</summary>
    public async Task<T[]> EntriesAsync<T>(string path, JsonNode body, Func<string, JsonNode?, T> told)
    {
        (string outcome, JsonNode? json) = await CallAsync(HttpMethod.Post, path, body);
        return json?["results"] is JsonArray results ? [.. results.Select(result => told(result!["error"]?["code"]?.GetValue<string>() ?? "", result))] : [told(outcome, null)];
    }

    /// <summary>The outcome of each entry, or of the call.</summary>
    public Task<string[]> OutcomesAsync(string path, JsonNode body) => EntriesAsync(path, body, (outcome, _) => outcome);

    public void Dispose() => _client.Dispose();

    // Also what is no legal value.
    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        foreach ((string name, string value) in _headers) request.Headers.TryAddWithoutValidation(name, value);
        return _client.SendAsync(request);
    }
}
