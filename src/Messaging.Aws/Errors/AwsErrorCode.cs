namespace Messaging.Aws.Errors;

/// <summary>
/// Every error that this front answers with: those of the service models of Amazon SQS and Amazon SNS that can occur here, and those that the services have beside
/// their models (API Reference, "Common Error Types"). <see cref="AwsErrorTable"/> has their names in each protocol.
/// </summary>
internal enum AwsErrorCode
{
    BatchEntryIdsNotDistinct,
    BatchRequestTooLong,
    EmptyBatchRequest,
    InvalidAddress,
    InvalidAttributeName,
    InvalidAttributeValue,
    InvalidBatchEntryId,
    InvalidMessageContents,
    MessageNotInflight,
    OverLimit,
    PurgeQueueInProgress,
    QueueDeletedRecently,
    QueueDoesNotExist,
    QueueNameExists,
    ReceiptHandleIsInvalid,
    ResourceNotFound,
    TooManyEntriesInBatchRequest,
    UnsupportedOperation,

    /// <summary>A parameter has a value that it can't have.</summary>
    InvalidParameterValue,

    /// <summary>A parameter that must be there is not.</summary>
    MissingParameter,

    /// <summary>The body is not what its protocol says: no JSON, a member of the wrong type, broken form encoding.</summary>
    MalformedRequest,

    /// <summary>No operation has this name.</summary>
    UnknownOperation,

    /// <summary>The body has more bytes than a call may have.</summary>
    RequestTooLarge,

    /// <summary>The caller may not do this with this resource.</summary>
    AccessDenied,

    /// <summary>Nobody has this access key.</summary>
    UnknownAccessKey,

    /// <summary>The signature is another one than the server calculates, or its time is over or too far from the server's.</summary>
    SignatureDoesNotMatch,

    /// <summary>The request is not signed at all.</summary>
    MissingAuthentication,

    /// <summary>The signature lacks a part, or names what can't be.</summary>
    IncompleteSignature,

    /// <summary>More is in flight than the server takes; try again.</summary>
    Throttled,

    /// <summary>The server starts, stops or has a full disk; try again.</summary>
    ServiceUnavailable,

    /// <summary>A fault of the server's.</summary>
    InternalFailure,

    /// <summary>The topic, the subscription, the application or the endpoint is not there. This one and those below are of Amazon SNS only.</summary>
    NotFound,

    /// <summary>The topic or the account has as many filter policies as it may have.</summary>
    FilterPolicyLimitExceeded,

    /// <summary>A replay of the subscription goes on.</summary>
    ReplayLimitExceeded,
    SubscriptionLimitExceeded,
    TopicLimitExceeded,
    TagLimitExceeded,

    /// <summary>Something is in the way of it as things are.</summary>
    InvalidState,

    /// <summary>An attribute of a message has a value that it can't have.</summary>
    ParameterValueInvalid,

    /// <summary>A member does not keep the model's own rule, such as that it be there.</summary>
    ValidationError,
    EndpointDisabled,
    PlatformApplicationDisabled,
    OptedOut,
    UserError,

    /// <summary>The one-time password is another one.</summary>
    Verification,
}
