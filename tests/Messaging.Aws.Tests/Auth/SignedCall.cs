using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Messaging.Aws.Tests.Auth;

/// <summary>A request as plain data, which can be changed before it is signed or after.</summary>
internal sealed record SignedCall(string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body)
{
    public byte[] BodyBytes => Encoding.UTF8.GetBytes(Body);

    public SignedCall With(string name, string value) => this with { Headers = [.. Headers.Where(header => !Is(header, name)), new(name, value)] };

    public SignedCall And(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };

    public SignedCall Without(string name) => this with { Headers = [.. Headers.Where(header => !Is(header, name))] };

    public string Value(string name) => Headers.Single(header => Is(header, name)).Value;

    public HttpRequest ToRequest()
    {
        var context = new DefaultHttpContext();
        context.Request.Method = Method;
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = Target;
        int question = Target.IndexOf('?', StringComparison.Ordinal);
        if (question >= 0) context.Request.QueryString = new QueryString(Target[question..]);
        // Not by Append, which leaves out empty values.
        foreach ((string name, string value) in Headers) context.Request.Headers[name] = StringValues.Concat(context.Request.Headers[name], value);
        return context.Request;
    }

    private static bool Is(KeyValuePair<string, string> header, string name) => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
