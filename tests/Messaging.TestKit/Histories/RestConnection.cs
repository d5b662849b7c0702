using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Messaging.TestKit.Histories;

/// <summary>
/// One connection to the REST front; one call at a time. A refusal is a <see cref="RefusedException"/>; a lost connection an <see cref="HttpRequestException"/>, after which it is open whether
/// the call was done.
/// </summary>
internal sealed class RestConnection(Uri server) : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseProxy = false }) { BaseAddress = server, Timeout = AnswerTimeout };

    public Task<JsonElement> PostAsync(string path, JsonObject body) => CallAsync(HttpMethod.Post, path, JsonContent.Create(body));

    public async Task<JsonElement> CallAsync(HttpMethod method, string path, HttpContent? content)
    {
        // Bytes, so that the length is known and a call is one write where it is small.
        if (content is JsonContent) await content.LoadIntoBufferAsync();
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using HttpResponseMessage answer = await _http.SendAsync(request);
        if (answer.IsSuccessStatusCode)
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        string problem = await answer.Content.ReadAsStringAsync();
        // Of a batch that failed as a whole, each entry says why.
        if (QueueAnswers.CodeOf(problem) is not null && JsonSerializer.Deserialize<JsonElement>(problem) is var whole && whole.TryGetProperty("results", out _))
            return whole;
        throw new RefusedException(answer.StatusCode, QueueAnswers.CodeOf(problem) ?? "", answer.Headers.RetryAfter?.Delta, problem);
    }

    public void Dispose() => _http.Dispose();
}
