using Messaging.Http;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary><see cref="BasicCredentials"/> on every call of this front in closed mode. One for the process, thread-safe. Hot path.</summary>
internal sealed class BasicAuthentication(BasicCredentials credentials, BrokerGate gate)
{
    private const string Challenge = "Basic realm=\"messaging\", charset=\"UTF-8\"";

    private static readonly Problem Unauthorized = Problem.Of(
        FrontCode.Unauthorized, "The call needs an access key: its id as the user and its secret as the password of HTTP Basic.", "Authorization");

    /// <summary>Null for who has a key, whose account is the call's from here on.</summary>
    public Problem? Check(HttpContext context)
    {
        // Before that nobody knows which keys there are.
        if (gate.Broker is null)
            return Front.Starting;
        if (credentials.Find(context.Request.Headers.Authorization) is { } key)
        {
            CallAccount.Set(context, key);
            return null;
        }
        context.Response.Headers.WWWAuthenticate = Challenge;
        return Unauthorized;
    }
}
