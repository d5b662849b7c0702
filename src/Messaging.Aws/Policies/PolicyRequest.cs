using Messaging.Aws.Auth;

namespace Messaging.Aws.Policies;

/// <summary>Who wants to do what with which resource. A value.</summary>
/// <param name="Caller">As it was authenticated.</param>
/// <param name="Action">The operation's name without a prefix.</param>
/// <param name="Resource">The queue's or the topic's ARN.</param>
/// <param name="Context">For conditions.</param>
internal readonly record struct PolicyRequest(Caller Caller, string Action, string Resource, RequestContext Context)
{
    /// <summary>An access key is a user of its account, by the name of its id.</summary>
    public string PrincipalArn => $"arn:aws:iam::{Caller.Account.Value}:user/{Caller.AccessKeyId}";

    /// <summary>Those of the resource's service.</summary>
    public PolicyActions Actions { get; init; } = PolicyActions.Sqs;

    /// <summary>Whether somebody of an account calls, and neither nobody nor a service.</summary>
    public bool IsOfAccount => !Caller.IsAnonymous && Context.Service is null;
}
