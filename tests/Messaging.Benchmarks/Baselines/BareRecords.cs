using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Messaging.Benchmarks.Baselines;

/// <summary>
/// What publishing and fetching would cost without records: a sink that reads a publish's body to its end, looks at nothing and answers a small JSON; and a page that is put once and
/// sent from memory whenever it is asked for. Routes of <see cref="BareEndpoint"/>.
/// </summary>
internal sealed class BareRecords
{
    /// <summary>Where the page is put and got.</summary>
    public const string Page = "/page";

    private static readonly byte[] Answer = """{"partition":0,"baseOffset":1000000,"count":100}"""u8.ToArray();

    private byte[] _page = [];

    public void Map(IEndpointRouteBuilder endpoint)
    {
        endpoint.MapPost("/v1/topics/{topic}/records", SinkAsync);
        endpoint.MapPost("/v1/topics/{topic}/partitions/{partition}/records", SinkAsync);
        endpoint.MapPut(Page, PutAsync);
        endpoint.MapGet(Page, GetAsync);
    }

    private static async Task SinkAsync(HttpContext context)
    {
        PipeReader body = context.Request.BodyReader;
        bool isWhole = false;
        while (!isWhole)
        {
            ReadResult read = await body.ReadAsync(context.RequestAborted);
            isWhole = read.IsCompleted;
            body.AdvanceTo(read.Buffer.End);
        }

        HttpResponse response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = Answer.Length;
        await response.BodyWriter.WriteAsync(Answer, context.RequestAborted);
    }

    private async Task PutAsync(HttpContext context)
    {
        using var page = new MemoryStream();
        await context.Request.Body.CopyToAsync(page, context.RequestAborted);
        _page = page.ToArray();
    }

    private async Task GetAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.ContentType = "application/octet-stream";
        response.ContentLength = _page.Length;
        await response.BodyWriter.WriteAsync(_page, context.RequestAborted);
    }
}
