using System.Diagnostics;

namespace Messaging.Aws.Errors;

/// <summary>
/// Names and statuses of the errors that Amazon SNS answers, which has the Query protocol only. Sources: its service model (codes, statuses), and "Common Error Types". No discard arm: a new code breaks the build (CS8509).
/// </summary>
internal static class SnsErrorTable
{
    /// <summary>Whether Amazon SNS has it.</summary>
    public static bool Has(AwsErrorCode code) => code is not (AwsErrorCode.InvalidAddress or AwsErrorCode.InvalidAttributeName or AwsErrorCode.InvalidAttributeValue or AwsErrorCode.InvalidMessageContents
        or AwsErrorCode.MessageNotInflight or AwsErrorCode.OverLimit or AwsErrorCode.PurgeQueueInProgress or AwsErrorCode.QueueDeletedRecently or AwsErrorCode.QueueDoesNotExist
        or AwsErrorCode.QueueNameExists or AwsErrorCode.ReceiptHandleIsInvalid or AwsErrorCode.UnsupportedOperation);

    public static AwsErrorKind Of(AwsErrorCode code) => code switch
    {
        AwsErrorCode.NotFound => Kind("NotFound", 404),
        AwsErrorCode.ResourceNotFound => Kind("ResourceNotFound", 404),
        AwsErrorCode.InvalidParameterValue => Kind("InvalidParameter", 400),
        AwsErrorCode.ParameterValueInvalid => Kind("ParameterValueInvalid", 400),
        AwsErrorCode.ValidationError or AwsErrorCode.MissingParameter => Kind("ValidationError", 400),
        AwsErrorCode.InvalidState => Kind("InvalidState", 400),
        AwsErrorCode.FilterPolicyLimitExceeded => Kind("FilterPolicyLimitExceeded", 403),
        AwsErrorCode.ReplayLimitExceeded => Kind("ReplayLimitExceeded", 403),
        AwsErrorCode.SubscriptionLimitExceeded => Kind("SubscriptionLimitExceeded", 403),
        AwsErrorCode.TopicLimitExceeded => Kind("TopicLimitExceeded", 403),
        AwsErrorCode.TagLimitExceeded => Kind("TagLimitExceeded", 400),
        AwsErrorCode.EndpointDisabled => Kind("EndpointDisabled", 400),
        AwsErrorCode.PlatformApplicationDisabled => Kind("PlatformApplicationDisabled", 400),
        AwsErrorCode.OptedOut => Kind("OptedOut", 400),
        AwsErrorCode.UserError => Kind("UserError", 400),
        AwsErrorCode.Verification => Kind("Verification", 400),
        AwsErrorCode.BatchEntryIdsNotDistinct => Kind("BatchEntryIdsNotDistinct", 400),
        AwsErrorCode.BatchRequestTooLong => Kind("BatchRequestTooLong", 400),
        AwsErrorCode.EmptyBatchRequest => Kind("EmptyBatchRequest", 400),
        AwsErrorCode.InvalidBatchEntryId => Kind("InvalidBatchEntryId", 400),
        AwsErrorCode.TooManyEntriesInBatchRequest => Kind("TooManyEntriesInBatchRequest", 400),
        AwsErrorCode.AccessDenied => Kind("AuthorizationError", 403),
        AwsErrorCode.UnknownAccessKey => Kind("InvalidClientTokenId", 403),
        AwsErrorCode.SignatureDoesNotMatch => Kind("SignatureDoesNotMatch", 403),
        AwsErrorCode.MissingAuthentication => Kind("MissingAuthenticationToken", 403),
        AwsErrorCode.IncompleteSignature => Kind("IncompleteSignature", 400),
        AwsErrorCode.MalformedRequest => Kind("MalformedInput", 400),
        AwsErrorCode.UnknownOperation => Kind("InvalidAction", 400),
        AwsErrorCode.RequestTooLarge => Kind("RequestEntityTooLarge", 413),
        AwsErrorCode.Throttled => Kind("Throttled", 429),
        AwsErrorCode.ServiceUnavailable => Kind("ServiceUnavailable", 503),
        AwsErrorCode.InternalFailure => Kind("InternalError", 500),
        AwsErrorCode.InvalidAddress or AwsErrorCode.InvalidAttributeName or AwsErrorCode.InvalidAttributeValue or AwsErrorCode.InvalidMessageContents or AwsErrorCode.MessageNotInflight
            or AwsErrorCode.OverLimit or AwsErrorCode.PurgeQueueInProgress or AwsErrorCode.QueueDeletedRecently or AwsErrorCode.QueueDoesNotExist or AwsErrorCode.QueueNameExists
            or AwsErrorCode.ReceiptHandleIsInvalid or AwsErrorCode.UnsupportedOperation => throw new UnreachableException($"Amazon SNS has no {code}."),
    };

    private static AwsErrorKind Kind(string code, int status) => new(code, code, status, status);
}
