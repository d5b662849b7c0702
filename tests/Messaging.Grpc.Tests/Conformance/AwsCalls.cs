using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Messaging.Grpc.Tests.Conformance;

/// <summary>Calls over AWS as its SDKs make them, without a signature: SQS in AWS JSON and by the Query protocol, SNS by the latter. Thread-safe.</summary>
internal sealed class AwsCalls(Uri address) : IDisposable
{
    private const string Account = "000000000000";

    private readonly HttpClient _client = new() { BaseAddress = address };

    public static string QueueArn(string name) => $"arn:aws:sqs:us-east-1:{Account}:{name}";

    public static string TopicArn(string name) => $"arn:aws:sns:us-east-1:{Account}:{name}";

    public string QueueUrl(string name) => new Uri(address, $"/{Account}/{name}").ToString();

    /// <summary>The error's name, "" without one, and the document that was answered.</summary>
    public async Task<(string Error, JsonNode? Json)> SqsAsync(string operation, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/x-amz-json-1.0")) };
        request.Headers.Add("X-Amz-Target", "AmazonSQS." + operation);
        using HttpResponseMessage response = await _client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        JsonNode? json = text.Length == 0 ? null : JsonNode.Parse(text);
        return (response.IsSuccessStatusCode ? "" : json!["__type"]!.GetValue<string>().Split('#')[^1], json);
    }

    /// <summary>The error's name and its sentence, "" without one, and what was answered.</summary>
    public Task<(string Error, XElement Answer)> SnsAsync(string action, params IEnumerable<(string Name, string Value)> members) => QueryAsync(address.ToString(), action, "2010-03-31", members);

    /// <summary>The same of SQS, about a queue.</summary>
    public Task<(string Error, XElement Answer)> SqsQueryAsync(string queue, string action, params IEnumerable<(string Name, string Value)> members) =>
        QueryAsync(QueueUrl(queue), action, "2012-11-05", members);

    /// <summary>All elements of that name below.</summary>
    public static IEnumerable<XElement> Elements(XElement answer, string name) => answer.Descendants(answer.Name.Namespace + name);

    /// <summary>The text of the first element of that name below; null without one.</summary>
    public static string? TextOf(XElement answer, string name) => Elements(answer, name).FirstOrDefault()?.Value;

    public void Dispose() => _client.Dispose();

    private async Task<(string Error, XElement Answer)> QueryAsync(string url, string action, string version, IEnumerable<(string Name, string Value)> members)
    {
        IEnumerable<KeyValuePair<string, string>> form = [new("Action", action), new("Version", version), .. members.Select(member => KeyValuePair.Create(member.Name, member.Value))];
        using HttpResponseMessage response = await _client.PostAsync(url, new FormUrlEncodedContent(form));
        XElement answer = XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!;
        return (response.IsSuccessStatusCode ? "" : $"{TextOf(answer, "Code")}: {TextOf(answer, "Message")}", answer);
    }
}
