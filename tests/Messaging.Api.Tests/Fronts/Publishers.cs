using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Messaging.Api.Tests.Hosting;
using Messaging.Storage.Records;
using Messaging.TestKit;

namespace Messaging.Api.Tests.Fronts;

/// <summary>Each way to publish messages to a topic: a row of the table of fronts.</summary>
internal static class Publishers
{
    private const string Kind = "kind";

    public static readonly IReadOnlyDictionary<string, Func<RunningServer, string, FrontMessage[], Task>> All = new Dictionary<string, Func<RunningServer, string, FrontMessage[], Task>>
    {
        ["REST, JSON"] = PublishJsonAsync,
        ["REST, raw"] = PublishRawAsync,
        ["record batch"] = PublishBatchAsync,
    };

    private static async Task PublishJsonAsync(RunningServer server, string topic, FrontMessage[] messages)
    {
        var records = new JsonArray();
        foreach (FrontMessage message in messages)
        {
            var record = new JsonObject { ["body"] = message.Body };
            if (message.Group is not null) record["key"] = message.Group;
            if (message.Kind is not null) record["headers"] = new JsonArray(new JsonObject { ["name"] = Kind, ["value"] = message.Kind });
            records.Add((JsonNode)record);
        }

        Assert.Equal(200, (await server.CallAsync("POST", topic + "/records", new JsonObject { ["records"] = records }.ToJsonString())).Status);
    }

    private static async Task PublishRawAsync(RunningServer server, string topic, FrontMessage[] messages)
    {
        foreach (FrontMessage message in messages)
        {
            var headers = new List<(string, string)>();
            if (message.Group is not null) headers.Add(("Message-Key", message.Group));
            if (message.Kind is not null) headers.Add(("Message-Header-" + Kind, message.Kind));
            Assert.Equal(200, (await server.CallAsync("POST", topic + "/records/raw", new ByteArrayContent(Encoding.UTF8.GetBytes(message.Body)), [.. headers])).Status);
        }
    }

    private static async Task PublishBatchAsync(RunningServer server, string topic, FrontMessage[] messages)
    {
        var content = new ByteArrayContent(ProducedBatch.OfBodies([.. messages.Select(Encode)]));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.messaging.record-batch");
        Assert.Equal(200, (await server.CallAsync("POST", topic + "/partitions/0/records", content)).Status);
    }

    private static byte[] Encode(FrontMessage message)
    {
        byte[] buffer = new byte[500];
        var writer = new RecordBodyWriter(buffer);
        if (message.Group is null) writer.WriteNullKey();
        else writer.WriteKey(Encoding.UTF8.GetBytes(message.Group));
        writer.WriteValue(Encoding.UTF8.GetBytes(message.Body));
        writer.WriteHeaderCount(message.Kind is null ? 0 : 1);
        if (message.Kind is not null) writer.WriteHeader(Encoding.UTF8.GetBytes(Kind), Encoding.UTF8.GetBytes(message.Kind));
        return buffer[..writer.Written];
    }
}
