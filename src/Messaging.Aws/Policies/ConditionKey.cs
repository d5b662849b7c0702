namespace Messaging.Aws.Policies;

/// <summary>What a condition or a variable asks about. Source: IAM User Guide, "AWS global condition context keys".</summary>
internal enum ConditionKey
{
    /// <summary>One that this server has no value for: as if it were absent from every request.</summary>
    Unknown,
    SourceArn,
    SourceAccount,
    PrincipalArn,
    PrincipalAccount,
    SourceIp,
    SecureTransport,
    CurrentTime,
    EpochTime,
    UserAgent,
    Referer,

    /// <summary>In policies of topics: the account for which the request is made.</summary>
    SourceOwner,
    SubscribedEndpoint,
    SubscribedProtocol,
}
