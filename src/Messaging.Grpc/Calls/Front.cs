using Grpc.Core;
using Messaging.Broker;
using Messaging.Broker.Access;
using Messaging.Broker.Names;
using Messaging.Grpc.Errors;
using Messaging.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;

namespace Messaging.Grpc.Calls;

/// <summary>
/// What every call starts from: the broker once it is there, who calls, and the bounds on what answers hold. One for the process, thread-safe; no session of a client lives here. Hot path.
/// </summary>
internal sealed class Front(BrokerGate gate, AccessKeyRing ring, BufferBudgets budgets, OpenStreams streams, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>The metadata that chooses a namespace.</summary>
    public const string NamespaceWord = "messaging-namespace";

    private const string KeyWord = "idempotency-key";

    public TimeProvider Clock { get; } = clock;

    public BufferBudgets Budgets { get; } = budgets;

    /// <summary>The server stops: streams end, so that their clients go on elsewhere, or here when it has started again.</summary>
    public CancellationToken Stopping { get; } = lifetime.ApplicationStopping;

    /// <summary>Opens a call, or throws why not. <paramref name="takesKey"/>: it looks at its idempotency key.</summary>
    public Call Open(ServerCallContext context, bool takesKey = false)
    {
        if (gate.Broker is not { } broker)
            throw Refusal.Of(StatusCode.Unavailable, "starting", "The server recovers its data and will serve in a moment.", retryAfterSeconds: 1);
        HttpContext http = context.GetHttpContext();
        IHeaderDictionary headers = http.Request.Headers;
        // Its key was looked for before anything of the request was read (Wire/WireGuard).
        AccountId account = !ring.IsClosed ? AccountId.Default : http.Features.Get<AccessKey>()?.Account ?? throw Refusal.Unauthenticated();
        return new Call(broker, account, ReadNamespace(headers), ReadKey(headers, takesKey));
    }

    /// <summary>The same of a call that goes on for long.</summary>
    public Call OpenStream(ServerCallContext context)
    {
        Call call = Open(context);
        streams.Add(context);
        return call;
    }

    /// <summary>The call chooses a namespace, and does not take the default one.</summary>
    public static bool NamesNamespace(ServerCallContext context) => context.GetHttpContext().Request.Headers.ContainsKey(NamespaceWord);

    private static NamespaceName ReadNamespace(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(NamespaceWord, out StringValues values))
            return NamespaceName.Default;
        return values.Count == 1 && NamespaceName.TryParse(values[0], out NamespaceName space)
            ? space
            : throw Refusal.Of(new BrokerError(ErrorCode.InvalidName, $"A namespace is {Names.Rule}.", NamespaceWord));
    }

    private static IdempotencyKey? ReadKey(IHeaderDictionary headers, bool isTaken)
    {
        if (!headers.TryGetValue(KeyWord, out StringValues values))
            return null;
        // A guard that is ignored is worse than none.
        if (!isTaken)
            throw Refusal.Of(StatusCode.InvalidArgument, ErrorCode.NotSupported.Word(), "This call takes no idempotency key.", KeyWord);
        return values.Count == 1 && IdempotencyKey.TryParse(values[0], out IdempotencyKey key)
            ? key
            : throw Refusal.Invalid(KeyWord, $"Must be 1 to {BrokerLimits.IdempotencyKeyBytesMax} visible characters of ASCII, without spaces.");
    }
}
