using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Fronts;

/// <summary>Each way to receive up to ten messages of a queue, under a lease of so many seconds, with their ids: a column of the table of fronts.</summary>
internal static class Receivers
{
    public delegate Task<(string Id, FrontMessage Message)[]> Receive(RunningServer server, string queue, int leaseSeconds);

    public static readonly IReadOnlyDictionary<string, Receive> All = new Dictionary<string, Receive>
    {
        ["REST"] = ReceiveByRestAsync,
        ["SQS, JSON"] = ReceiveByJsonAsync,
        ["SQS, Query"] = ReceiveByQueryAsync,
    };

    private static async Task<(string Id, FrontMessage Message)[]> ReceiveByRestAsync(RunningServer server, string queue, int leaseSeconds)
    {
        Answer answer = await server.CallAsync("POST", $"/v1/queues/{queue}/receive", $$"""{"max":10,"leaseSeconds":{{leaseSeconds}}}""");
        Assert.Equal(200, answer.Status);
        return [.. answer.Json["messages"]!.AsArray().Select(message => (message!["id"]!.GetValue<string>(), new FrontMessage(
            message["body"]!.GetValue<string>(),
            message["group"]?.GetValue<string>(),
            FrontMessage.Told(Members(message["attributes"]).Select(attribute => (attribute.Key, attribute.Value!["type"]!.GetValue<string>(), attribute.Value["value"]!.GetValue<string>()))))))];
    }

    private static async Task<(string Id, FrontMessage Message)[]> ReceiveByJsonAsync(RunningServer server, string queue, int leaseSeconds)
    {
        string json = $$"""{"QueueUrl":"{{UrlOf(server, queue)}}","MaxNumberOfMessages":10,"VisibilityTimeout":{{leaseSeconds}},"MessageAttributeNames":["All"],"MessageSystemAttributeNames":["All"]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/x-amz-json-1.0")) };
        request.Headers.Add("X-Amz-Target", "AmazonSQS.ReceiveMessage");
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(response.IsSuccessStatusCode, answer.ToJsonString());
        return [.. (answer["Messages"]?.AsArray() ?? []).Select(message => (message!["MessageId"]!.GetValue<string>(), new FrontMessage(
            message["Body"]!.GetValue<string>(),
            message["Attributes"]!["MessageGroupId"]?.GetValue<string>(),
            FrontMessage.Told(Members(message["MessageAttributes"]).Select(attribute => (attribute.Key, TypeOf(attribute.Value!["DataType"]!.GetValue<string>()), attribute.Value["StringValue"]!.GetValue<string>()))))))];
    }

    private static async Task<(string Id, FrontMessage Message)[]> ReceiveByQueryAsync(RunningServer server, string queue, int leaseSeconds)
    {
        string form = $"Action=ReceiveMessage&Version=2012-11-05&MaxNumberOfMessages=10&VisibilityTimeout={leaseSeconds}&MessageAttributeName.1=All&MessageSystemAttributeName.1=All";
        using HttpResponseMessage response = await server.Client.PostAsync(new Uri(UrlOf(server, queue)), new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        XElement answer = XDocument.Parse(text).Root!;
        XNamespace space = answer.Name.Namespace;
        return [.. answer.Descendants(space + "Message").Select(message => (message.Element(space + "MessageId")!.Value, new FrontMessage(
            message.Element(space + "Body")!.Value,
            message.Elements(space + "Attribute").FirstOrDefault(attribute => attribute.Element(space + "Name")!.Value == "MessageGroupId")?.Element(space + "Value")!.Value,
            FrontMessage.Told(message.Elements(space + "MessageAttribute").Select(attribute => (
                attribute.Element(space + "Name")!.Value,
                TypeOf(attribute.Element(space + "Value")!.Element(space + "DataType")!.Value),
                attribute.Element(space + "Value")!.Element(space + "StringValue")!.Value))))))];
    }

    private static JsonObject Members(JsonNode? members) => members?.AsObject() ?? [];

    // Of AWS, as REST calls it.
    private static string TypeOf(string type) => type == "String" ? "string" : type;

    private static string UrlOf(RunningServer server, string queue) => new Uri(server.Client.BaseAddress!, $"/000000000000/{queue}").ToString();
}
