using Messaging.Broker.Names;

namespace Messaging.Aws.Auth;

/// <summary>Who calls, and for which region. A value.</summary>
/// <param name="Account">Of the access key; of nobody who is known: the default one.</param>
/// <param name="AccessKeyId">As it was given; empty for a request without a signature.</param>
/// <param name="Region">Of the signature's scope; null without one.</param>
internal readonly record struct Caller(AccountId Account, string AccessKeyId, string? Region)
{
    /// <summary>Nobody: what is not signed. In closed mode a policy has to let it in.</summary>
    public static Caller Anonymous => new(AccountId.Default, "", null);

    public bool IsAnonymous => string.IsNullOrEmpty(AccessKeyId);
}
