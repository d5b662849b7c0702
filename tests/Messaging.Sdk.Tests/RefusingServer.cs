using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Messaging.Sdk.Tests;

/// <summary>At the address of a server that is not there: refuses every call, of gRPC over HTTP/2 and of REST over HTTP/1.1, as one does that passes by itself, and keeps when they came. Owned by the test that started it.</summary>
internal sealed class RefusingServer : IAsyncDisposable
{
    /// <summary>What it says, for the output of who is refused.</summary>
    public const string Detail = "not there yet";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly WebApplication _application;
    private readonly int _count;
    private readonly TimeSpan? _retry;
    private readonly List<long> _called = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RefusingServer(WebApplication application, int count, TimeSpan? retry) => (_application, _count, _retry) = (application, count, retry);

    /// <param name="address">Where nobody listens.</param>
    /// <param name="protocols">HTTP/2 or HTTP/1.1.</param>
    /// <param name="count">How many calls are waited for.</param>
    /// <param name="retry">When it says that it is worth trying again; null: it does not.</param>
    public static async Task<RefusingServer> StartAsync(Uri address, HttpProtocols protocols, int count, TimeSpan? retry)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, address.Port, listen => listen.Protocols = protocols));
        var server = new RefusingServer(builder.Build(), count, retry);
        server._application.Run(server.RefuseAsync);
        await server._application.StartAsync();
        return server;
    }

    /// <summary>How long the client took from each refusal to its next call, once the calls have come.</summary>
    public async Task<TimeSpan[]> PausesAsync()
    {
        await _done.Task.WaitAsync(Timeout, TimeProvider.System);
        lock (_called)
            return [.. _called.Zip(_called.Skip(1), static (one, next) => TimeProvider.System.GetElapsedTime(one, next))];
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private Task RefuseAsync(HttpContext context)
    {
        lock (_called)
        {
            _called.Add(TimeProvider.System.GetTimestamp());
            if (_called.Count == _count)
                _done.SetResult();
        }
        return HttpProtocol.IsHttp2(context.Request.Protocol) ? RefuseCall(context) : RefuseRequestAsync(context);
    }

    // A response that is nothing but trailers, of the protocol of gRPC over HTTP/2.
    private Task RefuseCall(HttpContext context)
    {
        var details = new Google.Rpc.Status { Code = (int)StatusCode.Unavailable, Message = Detail };
        if (_retry is { } delay)
            details.Details.Add(Any.Pack(new RetryInfo { RetryDelay = delay.ToDuration() }));
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = details.Code.ToString();
        context.Response.Headers["grpc-message"] = details.Message;
        context.Response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(details.ToByteArray());
        return Task.CompletedTask;
    }

    private Task RefuseRequestAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/problem+json";
        if (_retry is { TotalSeconds: var seconds })
            context.Response.Headers.RetryAfter = seconds.ToString();
        return context.Response.WriteAsync($$"""{"code":"stopping","detail":"{{Detail}}"}""");
    }
}
