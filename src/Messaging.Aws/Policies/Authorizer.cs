using Messaging.Aws.Auth;
using Messaging.Aws.Errors;
using Messaging.Broker.Names;

namespace Messaging.Aws.Policies;

/// <summary>
/// Whether a caller may do what it asks. In open mode everybody may. In closed mode the keys of the resource's own account may do what its policy does not
/// deny; another account, a service and nobody what it allows, except what is the owner's alone. Stateless; hot path.
/// </summary>
internal sealed class Authorizer(AuthenticationMode mode)
{
    /// <summary>
    /// Null, or the refusal. For what concerns no queue or topic, such as CreateQueue and ListQueues, <paramref name="owner"/> is the caller's account and
    /// there is no policy.
    /// </summary>
    public AwsError? Authorize(in PolicyRequest request, AccountId owner, AccessPolicy? policy)
    {
        if (mode == AuthenticationMode.Open)
            return null;
        PolicyDecision decision = policy?.Evaluate(request) ?? PolicyDecision.NoMatch;
        if (decision == PolicyDecision.ExplicitDeny)
            return Denied(request, "with an explicit deny in a resource-based policy");
        if (request.IsOfAccount && request.Caller.Account == owner)
            return null;
        if (decision == PolicyDecision.Allow && !request.Actions.IsOwnersOnly(request.Action))
            return null;
        // Who forgot to sign is told so, and not that nobody is not allowed to.
        if (request.Caller.IsAnonymous && request.Context.Service is null)
            return AuthenticationErrors.Missing;
        return Denied(request, $"because no resource-based policy allows the {request.Actions.Shown(request.Action)} action");
    }

    private static AwsError Denied(in PolicyRequest request, string why) =>
        new(AwsErrorCode.AccessDenied, $"User: {Principal(request)} is not authorized to perform: {request.Actions.Shown(request.Action)} on resource: {request.Resource} {why}");

    private static string Principal(in PolicyRequest request) =>
        request.Context.Service ?? (request.Caller.IsAnonymous ? "anonymous" : request.PrincipalArn);
}
