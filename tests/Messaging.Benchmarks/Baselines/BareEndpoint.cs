using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Messaging.Benchmarks.Baselines;

/// <summary>
/// What a durable send would cost without the sending and without the durability: the server's Kestrel settings and a route of the same
/// shape; reads the whole body, reads every token of its JSON with Utf8JsonReader, and answers as many bytes as the server does to a send
/// of one message, by REST or by AWS JSON. No validation, no state, no disk.
/// </summary>
internal static class BareEndpoint
{
    /// <summary>The first argument of a process that is this endpoint; the second is its address.</summary>
    public const string Argument = "bare-endpoint";

    private static readonly byte[] Answer = """{"results":[{"id":"0b6f1d9e-7c1a-4e57-9f0e-2b8f5f6c1d3a"}]}"""u8.ToArray();

    private static readonly byte[] AwsAnswer =
        """{"MessageId":"0b6f1d9e-7c1a-4e57-9f0e-2b8f5f6c1d3a","MD5OfMessageBody":"0cbc6611f5540bd0809a388dc95a615b"}"""u8.ToArray();

    public static async Task RunAsync(string url)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // As the server's, as far as a request pays for them.
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 20_000;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestHeaderCount = 64;
        });
        await using WebApplication endpoint = builder.Build();
        endpoint.MapGet("/health/ready", static context => context.Response.WriteAsync("ready", context.RequestAborted));
        endpoint.MapPost("/v1/queues/{queue}/messages", static context => AnswerAsync(context, "application/json", Answer));
        endpoint.MapPost("/", static context => AnswerAsync(context, "application/x-amz-json-1.0", AwsAnswer));
        new BareRecords().Map(endpoint);
        await endpoint.RunAsync();
    }

    private static async Task AnswerAsync(HttpContext context, string mediaType, byte[] answer)
    {
        PipeReader body = context.Request.BodyReader;
        while (true)
        {
            ReadResult read = await body.ReadAsync(context.RequestAborted);
            if (read.IsCompleted || read.Buffer.Length == context.Request.ContentLength)
            {
                ReadAll(read.Buffer);
                body.AdvanceTo(read.Buffer.End);
                break;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        HttpResponse response = context.Response;
        response.ContentType = mediaType;
        response.ContentLength = answer.Length;
        await response.BodyWriter.WriteAsync(answer, context.RequestAborted);
    }

    private static void ReadAll(in ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
        }
    }
}
