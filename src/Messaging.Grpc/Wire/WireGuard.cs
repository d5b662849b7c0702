using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Messaging.Broker;
using Messaging.Broker.Access;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Messaging.Grpc.Wire;

/// <summary>
/// What the hosting package leaves open, around each call as it is on the wire: who has no key is refused before anything of a request is read, messages are Protocol Buffers and said to be nothing else, their bytes are bounded over all calls,
/// answers are compressed as their requests are, and a request that can't be read is INTERNAL (github.com/grpc/grpc, doc/statuscodes.md), where the package answers UNKNOWN. One for the process, thread-safe. Hot path.
/// </summary>
internal sealed partial class WireGuard(BufferBudgets budgets, AccessKeyRing ring, TimeProvider clock, IServiceProvider services, ILoggerFactory loggers)
{
    private const string MediaType = "application/grpc";
    private const string StatusName = "grpc-status";
    private const string MessageName = "grpc-message";
    private const string EncodingName = "grpc-encoding";
    private const string AcceptedName = "grpc-accept-encoding";
    private const string Unknown = "2";
    private const string Internal = "13";

    private static readonly string[] MediaTypes = [MediaType, MediaType + "+proto"];

    private readonly BasicCredentials _credentials = new(ring);
    private readonly RootServices _services = new(services);
    private readonly ILogger _logger = loggers.CreateLogger("Messaging.Grpc");
    private int _openStreams;

    /// <summary>The calls of a service need a key where the server asks for one, which is the call's <see cref="AccessKey"/> then.</summary>
    public void Around(EndpointBuilder endpoint)
    {
        RequestDelegate call = Bounded(endpoint);
        endpoint.RequestDelegate = context =>
        {
            if (!ring.IsClosed)
                return call(context);
            if (_credentials.Find(context.Request.Headers.Authorization) is not { } key)
                return RefuseAsync(context, Refusal.Unauthenticated());
            context.Features.Set(key);
            return call(context);
        };
    }

    /// <summary>The calls of a service need none. Its streams, which may stay, are so many at a time.</summary>
    public void AroundOpen(EndpointBuilder endpoint)
    {
        RequestDelegate call = Bounded(endpoint);
        if (TypeOf(endpoint) == MethodType.Unary)
        {
            endpoint.RequestDelegate = call;
            return;
        }
        endpoint.RequestDelegate = async context =>
        {
            try
            {
                Task run = Interlocked.Increment(ref _openStreams) <= GrpcLimits.OpenStreamsMax
                    ? call(context)
                    : RefuseAsync(context, Refusal.Of(new BrokerError(ErrorCode.Overloaded, $"At most {GrpcLimits.OpenStreamsMax} streams of health and reflection are open at once; ask again later.")));
                await run;
            }
            finally
            {
                Interlocked.Decrement(ref _openStreams);
            }
        };
    }

    private RequestDelegate Bounded(EndpointBuilder endpoint)
    {
        RequestDelegate call = endpoint.RequestDelegate!;
        bool isStream = TypeOf(endpoint) is MethodType.ClientStreaming or MethodType.DuplexStreaming;
        return context => RunAsync(context, call, isStream);
    }

    // Null of what the package maps for methods that are not there.
    private static MethodType? TypeOf(EndpointBuilder endpoint) => endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault()?.Method.Type;

    private async Task RunAsync(HttpContext context, RequestDelegate call, bool isStream)
    {
        if (!IsProtobuf(context.Request.ContentType))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        bool isCompressed = context.Request.Headers[EncodingName].ToString() == BoundedGzip.Name;
        // Whatever else the client takes.
        if (!isCompressed)
            context.Request.Headers.Remove(AcceptedName);
        // In closed mode who calls without a key has a small part of the bound.
        BufferBudget budget = ring.IsClosed && context.Features.Get<AccessKey>() is null ? budgets.UnknownBodies : budgets.Bodies;
        using var body = new BudgetedReader(context, budget, isStream, clock);
        if (isCompressed)
            body.ExpectCompressed();
        context.Features.Set<IRequestBodyPipeFeature>(body);
        context.Features.Set<IServiceProvidersFeature>(_services);
        // Kestrel would end the connection, with all its calls, for one that pauses; this call has its own time.
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        await call(context);
        // The package leaves an answer in Kestrel's buffers, and the call would end there, with nothing of it read and its place given back.
        if (context.Features.Get<LargeAnswer>() is not null)
            await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        // Handlers never answer so, since CallFaults tells their faults.
        if (context.Response.HasStarted || context.Response.Headers[StatusName] != Unknown)
            return;
        (context.Response.Headers[StatusName], context.Response.Headers[MessageName]) = body.HasBegun
            ? (Internal, "The server failed to answer; its log says why.")
            : (Internal, "The request is not a message of this method.");
        if (body.HasBegun)
            LogUnwritten(_logger, context.Request.Path);
    }

    // A trailers-only answer. The request is left unread: Kestrel resets its stream without an error behind the answer.
    private static Task RefuseAsync(HttpContext context, RpcException refusal)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentType = MediaType;
        headers[StatusName] = ((int)refusal.StatusCode).ToString(CultureInfo.InvariantCulture);
        headers[MessageName] = refusal.Status.Detail;
        foreach (Metadata.Entry entry in refusal.Trailers)
            headers[entry.Key] = entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value;
        return Task.CompletedTask;
    }

    // Services are for the process: a call needs no scope of its own, which the package would have made.
    private sealed class RootServices(IServiceProvider services) : IServiceProvidersFeature
    {
        public IServiceProvider RequestServices
        {
            get => services;
            set => throw new NotSupportedException("The services are those of the process.");
        }
    }

    [LoggerMessage(EventId = 6002, Level = LogLevel.Error, Message = "{Method} could not be answered: its response can't be written.")]
    private static partial void LogUnwritten(ILogger logger, PathString method);

    // With or without parameters.
    private static bool IsProtobuf(string? contentType)
    {
        if (contentType == MediaType)
            return true;
        ReadOnlySpan<char> text = contentType;
        int end = text.IndexOf(';');
        text = (end < 0 ? text : text[..end]).TrimEnd();
        foreach (string known in MediaTypes)
        {
            if (text.Equals(known, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
