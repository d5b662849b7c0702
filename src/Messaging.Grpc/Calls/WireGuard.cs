using Messaging.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Messaging.Grpc.Calls;

/// <summary>
/// What the hosting package leaves open, around each call as it is on the wire: messages are Protocol Buffers and said to be nothing else, their bytes are bounded over all calls, and a request that can't be read is INTERNAL
/// (github.com/grpc/grpc, doc/statuscodes.md), where the package answers UNKNOWN. One for the process, thread-safe. Hot path.
/// </summary>
internal sealed class WireGuard(BufferBudgets budgets)
{
    private const string MediaType = "application/grpc";
    private const string StatusName = "grpc-status";
    private const string MessageName = "grpc-message";
    private const string Unknown = "2";
    private const string Internal = "13";

    private static readonly string[] MediaTypes = [MediaType, MediaType + "+proto"];

    public void Around(EndpointBuilder endpoint)
    {
        RequestDelegate call = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => RunAsync(context, call);
    }

    private async Task RunAsync(HttpContext context, RequestDelegate call)
    {
        if (!IsProtobuf(context.Request.ContentType))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        using var body = new BudgetedReader(context.Request.BodyReader, budgets.Bodies);
        context.Features.Set<IRequestBodyPipeFeature>(body);
        await call(context);
        // Handlers never answer so, since CallInterceptor tells their faults: it is the request that could not be read.
        if (!context.Response.HasStarted && context.Response.Headers[StatusName] == Unknown)
            (context.Response.Headers[StatusName], context.Response.Headers[MessageName]) = (Internal, "The request is not a message of this method.");
    }

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
