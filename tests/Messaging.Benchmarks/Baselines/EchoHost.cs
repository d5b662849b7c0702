using System.IO.Pipelines;
using Messaging.Benchmarks.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Messaging.Benchmarks.Baselines;

/// <summary>
/// What a gRPC call costs without what it does: <see cref="EchoService"/> on the stock hosting package with the server's Kestrel settings, and beside it a bare HTTP/2 endpoint that answers the same frames and knows nothing of
/// gRPC but its trailer.
/// </summary>
internal static class EchoHost
{
    /// <summary>The first argument of a process that is this host; then its port for HTTP/2 without TLS, and the one for health.</summary>
    public const string Argument = "echo-host";

    /// <summary>The bare endpoint's path.</summary>
    public const string BarePath = "/bare/Say";

    public static async Task RunAsync(int grpcPort, int httpPort)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 20_000;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.ListenLocalhost(grpcPort, static listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.ListenLocalhost(httpPort);
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<EchoService>();
        await using WebApplication host = builder.Build();
        host.MapGet("/health/ready", static context => context.Response.WriteAsync("ready", context.RequestAborted));
        host.MapPost(BarePath, BareAsync);
        host.MapGrpcService<EchoService>();
        await host.RunAsync();
    }

    private static async Task BareAsync(HttpContext context)
    {
        PipeReader body = context.Request.BodyReader;
        ReadResult read = await body.ReadAsync(context.RequestAborted);
        while (!read.IsCompleted)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync(context.RequestAborted);
        }

        context.Response.ContentType = "application/grpc";
        foreach (ReadOnlyMemory<byte> piece in read.Buffer)
        {
            piece.Span.CopyTo(context.Response.BodyWriter.GetSpan(piece.Length));
            context.Response.BodyWriter.Advance(piece.Length);
        }

        body.AdvanceTo(read.Buffer.End);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
