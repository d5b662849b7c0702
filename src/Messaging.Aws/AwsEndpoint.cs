using System.Text;
using Messaging.Aws.Auth;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Operations;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Messaging.Aws;

/// <summary>
/// Takes every call of this front: reads its body, finds out by which protocol it came, who calls, and which operation, and answers. Event ids 6000 to 6999 are the front's. Hot path.
/// </summary>
internal sealed partial class AwsEndpoint(AwsServer server, Authenticator authenticator, ILogger logger)
{
    private const string Target = "X-Amz-Target";
    private const string RequestId = "x-amzn-RequestId";
    private const string QueryError = "x-amzn-query-error";
    private const string FormType = "application/x-www-form-urlencoded";
    private const string JsonType = "application/x-amz-json-1.0";

    private static readonly AwsError Starting = new(AwsErrorCode.ServiceUnavailable, "The server recovers its data and will serve in a moment.");
    private static readonly AwsError TooMuch = new(AwsErrorCode.Throttled, "Too many large requests are arriving at once.");

    private static readonly AwsError Encoded = new(AwsErrorCode.MalformedRequest, "Bodies are taken as they are, without Content-Encoding.");

    private static readonly AwsError WrongType = new(
        AwsErrorCode.MalformedRequest, $"The Content-Type is {JsonType} for calls with {Target}, and {FormType} for all others.");

    private static readonly AwsError NoAction = new(AwsErrorCode.UnknownOperation, "The action or operation requested is invalid. Verify that the action is typed correctly.");

    private static readonly AwsError NoCall = new(AwsErrorCode.UnknownOperation, "A queue is called with an action.");

    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = new Exchange(context, ProtocolOf(context.Request), server.RequestIds.Next());
        context.Response.Headers[RequestId] = exchange.Id;
        try
        {
            AwsError? refused = CheckHead(context.Request, exchange.Protocol);
            if (refused is not null)
                context.Response.Headers.Connection = "close";
            refused ??= await RunAsync(exchange);
            if (refused is not null)
                await SendAsync(exchange, refused);
        }
        catch (Exception exception)
        {
            await FailAsync(exchange, exception);
        }
    }

    /// <summary>Whether a GET of the root is a call, or was meant to be one.</summary>
    public static bool IsQuery(HttpRequest request) => request.Query.ContainsKey("Action") || request.Query.ContainsKey("X-Amz-Signature");

    private AwsError? CheckHead(HttpRequest request, AwsProtocol protocol)
    {
        if (server.Gate.Broker is null)
            return Starting;
        if (request.Headers.ContentEncoding.Count > 0)
            return Encoded;
        string? type = request.ContentType;
        return type is null ? null : Is(type, protocol == AwsProtocol.Json ? JsonType : FormType) ? null : WrongType;
    }

    // Does it and answers; or tells why not.
    private async ValueTask<AwsError?> RunAsync(Exchange exchange)
    {
        (HttpContext context, AwsProtocol protocol) = (exchange.Context, exchange.Protocol);
        StringValues target = context.Request.Headers[Target];
        int bytesMax = protocol == AwsProtocol.Json ? OperationList.OfTarget(target)?.RequestBytesMax ?? AwsLimits.SmallRequestBytesMax : AwsLimits.RequestBytesMax;
        (RequestBody body, BodyFault? fault) = await RequestBody.ReadAsync(
            context, authenticator.MayBeKnown(context.Request) ? server.Budgets.Bodies : server.Budgets.UnknownBodies, bytesMax, server.Clock);
        if (fault is { } why)
            return why == BodyFault.TooLarge ? TooLarge(bytesMax) : TooMuch;
        byte[] query = protocol == AwsProtocol.Json ? [] : Encoding.UTF8.GetBytes(context.Request.QueryString.Value is { Length: > 1 } text ? text[1..] : "");
        var scratch = new Scratch(body.Bytes.Length + query.Length);
        QueryForm? form = protocol == AwsProtocol.Json ? null : new QueryForm(scratch);
        using var input = new AwsInput(body, form, scratch);
        using var answer = BufferedAnswer.Rent();
        AwsError? refused = form is null ? null : form.Add(query) ?? form.Add(body.Bytes) ?? form.Sort();
        Operation? operation = refused is null ? input.FindOperation(context.Request.Headers[Target], exchange.Service) : null;
        exchange.Service = operation?.Service ?? (refused is null ? input.Service : null) ?? exchange.Service;
        var output = AwsOutput.Of(protocol, answer, exchange.Id, exchange.Service);
        refused ??= authenticator.Authenticate(context.Request, body.Bytes.Span, out Caller caller)
            ?? await InvokeAsync(context, caller, operation, input, output, answer);
        if (refused is null)
            await answer.SendAsync(context, StatusCodes.Status200OK, output.MediaType);
        return refused;
    }

    private ValueTask<AwsError?> InvokeAsync(HttpContext context, in Caller caller, Operation? operation, AwsInput input, AwsOutput output, BufferedAnswer answer)
    {
        if (operation is null || (operation.QueueUrlBit == 0 && input.Action is not null && context.Request.Path.Value is { Length: > 1 }))
            return ValueTask.FromResult<AwsError?>(WhyUnknown(context.Request, input.Action));
        if (input.Length > operation.RequestBytesMax)
            return ValueTask.FromResult<AwsError?>(TooLarge(operation.RequestBytesMax));
        MessageBroker broker = server.Gate.Broker!;
        server.CoolDowns.Follow(broker.Definitions.Resets);
        return operation.RunAsync(new Call(server, context, broker, caller, input), input, output, answer);
    }

    // A queue's URL that somebody opens in a browser is answered by the service as if it were no call at all.
    private static AwsError WhyUnknown(HttpRequest request, string? action)
    {
        bool isQueue = request.Path.Value is { Length: > 1 };
        if (!isQueue)
            return NoAction;
        return action is null && HttpMethods.IsGet(request.Method) ? NoCall : new AwsError(AwsErrorCode.UnknownOperation, $"The action {Refusals.Shown(action ?? "")} is not valid for this endpoint.");
    }

    private static AwsError TooLarge(int bytesMax) => new(AwsErrorCode.RequestTooLarge, $"This call has at most {bytesMax} bytes.");

    private static AwsProtocol ProtocolOf(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && (request.Headers.ContainsKey(Target) || Is(request.ContentType, JsonType)) ? AwsProtocol.Json
        : request.Headers.Accept.ToString().Contains(BufferedAnswer.MediaType, StringComparison.OrdinalIgnoreCase) ? AwsProtocol.QueryJson
        : AwsProtocol.Query;

    // Whatever stands behind it, such as a character set.
    private static bool Is(string? type, string mediaType) =>
        type is not null && type.StartsWith(mediaType, StringComparison.OrdinalIgnoreCase) && (type.Length == mediaType.Length || type[mediaType.Length] is ';' or ' ');

    private static async Task SendAsync(Exchange exchange, AwsError error)
    {
        HttpContext context = exchange.Context;
        using var answer = BufferedAnswer.Rent();
        var output = AwsOutput.Of(exchange.Protocol, answer, exchange.Id, exchange.Service);
        int status = error == NoCall && output is XmlOutput xml ? xml.WriteNoCall() : output.Write(error);
        AwsErrorKind kind = AwsErrorTable.Of(exchange.Service, error.Code);
        if (exchange.Protocol == AwsProtocol.Json)
            context.Response.Headers[QueryError] = $"{kind.QueryCode};{kind.Fault}";
        await answer.SendAsync(context, status, output.MediaType);
    }

    private async Task FailAsync(Exchange exchange, Exception exception)
    {
        HttpContext context = exchange.Context;
        RequestFault fault = RequestFaults.Judge(context, exception);
        if (fault == RequestFault.Internal)
            LogFault(logger, exception, exchange.Id);
        if (fault == RequestFault.Gone)
            return;
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        context.Response.Headers.Connection = "close";
        await SendAsync(exchange, fault == RequestFault.Internal
            ? new AwsError(AwsErrorCode.InternalFailure, "The server failed to answer; its log says why.")
            : new AwsError(AwsErrorCode.MalformedRequest, "The request's body is not well-formed HTTP, ended early, or came too slowly."));
    }

    [LoggerMessage(EventId = 6001, Level = LogLevel.Error, Message = "The request {Id} failed.")]
    private static partial void LogFault(ILogger logger, Exception exception, string id);
}
