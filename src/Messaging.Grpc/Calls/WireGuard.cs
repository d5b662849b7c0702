using Grpc.AspNetCore.Server;
using Grpc.Core;
using Messaging.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Messaging.Grpc.Calls;

/// <summary>
/// What the hosting package leaves open, around each call as it is on the wire: messages are Protocol Buffers and said to be nothing else, their bytes are bounded over all calls, and a request that can't be read is INTERNAL
/// (github.com/grpc/grpc, doc/statuscodes.md), where the package answers UNKNOWN. One for the process, thread-safe. Hot path.
/// </summary>
internal sealed partial class WireGuard(BufferBudgets budgets, AccessKeyRing ring, TimeProvider clock, ILoggerFactory loggers)
{
    private const string MediaType = "application/grpc";
    private const string StatusName = "grpc-status";
    private const string MessageName = "grpc-message";
    private const string Unknown = "2";
    private const string Internal = "13";

    private static readonly string[] MediaTypes = [MediaType, MediaType + "+proto"];

    private readonly BasicCredentials _credentials = new(ring);
    private readonly ILogger _logger = loggers.CreateLogger("Messaging.Grpc");

    public void Around(EndpointBuilder endpoint)
    {
        RequestDelegate call = endpoint.RequestDelegate!;
        bool isStream = endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault()?.Method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming;
        endpoint.RequestDelegate = context => RunAsync(context, call, isStream);
    }

    private async Task RunAsync(HttpContext context, RequestDelegate call, bool isStream)
    {
        if (!IsProtobuf(context.Request.ContentType))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        // Before anything of the body is read: who has shown no key has a small part of the bound.
        BufferBudget budget = ring.IsClosed && _credentials.Find(context.Request.Headers.Authorization) is null ? budgets.UnknownBodies : budgets.Bodies;
        using var body = new BudgetedReader(context, budget, isStream, clock);
        context.Features.Set<IRequestBodyPipeFeature>(body);
        await call(context);
        // Handlers never answer so, since CallInterceptor tells their faults.
        if (context.Response.HasStarted || context.Response.Headers[StatusName] != Unknown)
            return;
        (context.Response.Headers[StatusName], context.Response.Headers[MessageName]) = body.HasBegun
            ? (Internal, "The server failed to answer; its log says why.")
            : (Internal, "The request is not a message of this method.");
        if (body.HasBegun)
            LogUnwritten(_logger, context.Request.Path);
    }

    [LoggerMessage(EventId = 6002, Level = LogLevel.Error, Message = "{Method} could not be answered: its response can't be written.")]
    private static partial void LogUnwritten(ILogger logger, PathString method);

    // With or without parameters.
    private static bool IsProtobuf(string? contentType)
    {
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
