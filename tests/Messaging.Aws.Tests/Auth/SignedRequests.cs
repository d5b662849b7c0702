using Messaging.TestKit.Signing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Messaging.Aws.Tests.Auth;

/// <summary>Signed calls as the server sees them.</summary>
internal static class SignedRequests
{
    public static HttpRequest ToRequest(this SignedCall call)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = call.Method;
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = call.Target;
        int question = call.Target.IndexOf('?', StringComparison.Ordinal);
        if (question >= 0) context.Request.QueryString = new QueryString(call.Target[question..]);
        // Not by Append, which leaves out empty values.
        foreach ((string name, string value) in call.Headers) context.Request.Headers[name] = StringValues.Concat(context.Request.Headers[name], value);
        return context.Request;
    }
}
