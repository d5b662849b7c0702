using Messaging.Broker;
using Messaging.Http;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>Reads bodies as this front takes them, with its own words for those that it does not. Hot path.</summary>
internal static class Bodies
{
    private static readonly Problem Overloaded = Problem.Of(ErrorCode.Overloaded, "Too many large bodies are arriving at once.");

    /// <summary>Reads the whole body, which the caller disposes, or stops early with a problem.</summary>
    public static async ValueTask<(RequestBody Body, Problem? Problem)> ReadAsync(HttpContext context, Front front, BodyLimit limit)
    {
        if (MediaTypes.CheckEncoding(context) is { } refused)
        {
            context.Response.Headers.Connection = "close";
            return (RequestBody.None, refused);
        }
        (RequestBody body, BodyFault? fault) = await RequestBody.ReadAsync(context, front.Budget, limit.BytesMax, front.Clock);
        return (body, fault is { } why ? ToProblem(why, limit) : null);
    }

    private static Problem ToProblem(BodyFault fault, BodyLimit limit) => fault switch
    {
        BodyFault.TooLarge => limit.Exceeded,
        BodyFault.Overloaded => Overloaded,
    };
}
