using Messaging.Broker.Access;
using Messaging.Broker.Names;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>Whose queues a call is about: the account of its access key; in open mode the default one. Hot path.</summary>
internal static class CallAccount
{
    public static AccountId Of(HttpContext context) => context.Features.Get<AccessKey>()?.Account ?? AccountId.Default;

    /// <summary>The call has proved that it has this key.</summary>
    public static void Set(HttpContext context, AccessKey key) => context.Features.Set(key);
}
