using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Messaging.TestKit.Signing;

namespace Messaging.Grpc.Tests.Conformance;

/// <summary>Calls over AWS as its SDKs make them: SQS in AWS JSON and by the Query protocol, SNS by the latter. Thread-safe.</summary>
internal sealed class AwsCalls : IDisposable
{
    private const string JsonType = "application/x-amz-json-1.0", FormType = "application/x-www-form-urlencoded";

    private readonly Uri _address;
    private readonly HttpClient _client;
    private readonly AwsCaller _caller;

    public AwsCalls(Uri address)
        : this(address, new HttpClient { BaseAddress = address }, new AwsCaller())
    {
    }

    private AwsCalls(Uri address, HttpClient client, AwsCaller caller) => (_address, _client, _caller) = (address, client, caller);

    /// <summary>The same connection for another caller; gone with this one.</summary>
    public AwsCalls As(AwsCaller caller) => new(_address, _client, caller);

    public string QueueArn(string name) => $"arn:aws:sqs:{_caller.Region}:{_caller.Account}:{name}";

    public string TopicArn(string name) => $"arn:aws:sns:{_caller.Region}:{_caller.Account}:{name}";

    public string QueueUrl(string name) => new Uri(_address, $"/{_caller.Account}/{name}").ToString();

    /// <summary>The error's name, "" without one, and the document that was answered.</summary>
    public async Task<(string Error, JsonNode? Json)> SqsAsync(string operation, JsonObject body)
    {
        (bool isDone, string text) = await SendAsync("sqs", "/", body.ToJsonString(), JsonType, ("X-Amz-Target", "AmazonSQS." + operation));
        JsonNode? json = text.Length == 0 ? null : JsonNode.Parse(text);
        return (isDone ? "" : json!["__type"]!.GetValue<string>().Split('#')[^1], json);
    }

    /// <summary>The error's name and its sentence, "" without one, and what was answered.</summary>
    public Task<(string Error, XElement Answer)> SnsAsync(string action, params IEnumerable<(string Name, string Value)> members) => QueryAsync("sns", "/", action, "2010-03-31", members);

    /// <summary>The same of SQS, about a queue.</summary>
    public Task<(string Error, XElement Answer)> SqsQueryAsync(string queue, string action, params IEnumerable<(string Name, string Value)> members) =>
        QueryAsync("sqs", new Uri(QueueUrl(queue)).AbsolutePath, action, "2012-11-05", members);

    /// <summary>All elements of that name below.</summary>
    public static IEnumerable<XElement> Elements(XElement answer, string name) => answer.Descendants(answer.Name.Namespace + name);

    /// <summary>The text of the first element of that name below; null without one.</summary>
    public static string? TextOf(XElement answer, string name) => Elements(answer, name).FirstOrDefault()?.Value;

    public void Dispose() => _client.Dispose();

    private async Task<(string Error, XElement Answer)> QueryAsync(string service, string path, string action, string version, IEnumerable<(string Name, string Value)> members)
    {
        IEnumerable<KeyValuePair<string, string>> form = [new("Action", action), new("Version", version), .. members.Select(member => KeyValuePair.Create(member.Name, member.Value))];
        using var encoded = new FormUrlEncodedContent(form);
        (bool isDone, string text) = await SendAsync(service, path, await encoded.ReadAsStringAsync(), FormType);
        XElement answer = XDocument.Parse(text).Root!;
        return (isDone ? "" : $"{TextOf(answer, "Code")}: {TextOf(answer, "Message")}", answer);
    }

    private async Task<(bool IsDone, string Text)> SendAsync(string service, string path, string body, string contentType, params (string Name, string Value)[] headers)
    {
        var call = new SignedCall("POST", path, [new("Host", _address.Authority), .. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))], body);
        call = _caller.Sign(call, service);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(contentType)) };
        foreach ((string name, string value) in call.Headers) request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await _client.SendAsync(request);
        return (response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
