using System.Diagnostics;
using Messaging.Aws.Http;

namespace Messaging.Aws.Errors;

/// <summary>
/// Names and statuses of every error. Sources: the service model of Amazon SQS in its form for Query (codes, statuses), the API Reference's errors of
/// each action, and for what is beside the model "Common Error Types" and the names that SDKs see. No discard arm: a new code breaks the build (CS8509).
/// </summary>
internal static class AwsErrorTable
{
    private const string Service = "com.amazonaws.sqs#";
    private const string Common = "com.amazon.coral.service#";
    private const string Prefix = "AWS.SimpleQueueService.";

    public static AwsErrorKind Of(AwsService service, AwsErrorCode code) => service == AwsService.Sns ? SnsErrorTable.Of(code) : Of(code);

    /// <summary>Whether Amazon SQS has it.</summary>
    public static bool IsOfSqs(AwsErrorCode code) => code < AwsErrorCode.NotFound;

    /// <summary>As Amazon SQS has it.</summary>
    public static AwsErrorKind Of(AwsErrorCode code) => code switch
    {
        AwsErrorCode.BatchEntryIdsNotDistinct => Prefixed("BatchEntryIdsNotDistinct"),
        AwsErrorCode.BatchRequestTooLong => Prefixed("BatchRequestTooLong"),
        AwsErrorCode.EmptyBatchRequest => Prefixed("EmptyBatchRequest"),
        AwsErrorCode.InvalidBatchEntryId => Prefixed("InvalidBatchEntryId"),
        AwsErrorCode.TooManyEntriesInBatchRequest => Prefixed("TooManyEntriesInBatchRequest"),
        AwsErrorCode.MessageNotInflight => Prefixed("MessageNotInflight"),
        AwsErrorCode.UnsupportedOperation => Prefixed("UnsupportedOperation"),
        AwsErrorCode.QueueDeletedRecently => Prefixed("QueueDeletedRecently"),
        AwsErrorCode.PurgeQueueInProgress => Modelled("PurgeQueueInProgress", Prefix + "PurgeQueueInProgress", 403) with { JsonStatus = 403 },
        AwsErrorCode.QueueDoesNotExist => Modelled("QueueDoesNotExist", Prefix + "NonExistentQueue", 400),
        AwsErrorCode.QueueNameExists => Modelled("QueueNameExists", "QueueAlreadyExists", 400),
        AwsErrorCode.InvalidAddress => Modelled("InvalidAddress", "InvalidAddress", 404),
        AwsErrorCode.InvalidAttributeName => Modelled("InvalidAttributeName", "InvalidAttributeName", 400),
        AwsErrorCode.InvalidAttributeValue => Modelled("InvalidAttributeValue", "InvalidAttributeValue", 400),
        AwsErrorCode.InvalidMessageContents => Modelled("InvalidMessageContents", "InvalidMessageContents", 400),
        AwsErrorCode.OverLimit => Modelled("OverLimit", "OverLimit", 403),
        AwsErrorCode.ReceiptHandleIsInvalid => Modelled("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", 404),
        AwsErrorCode.ResourceNotFound => Modelled("ResourceNotFoundException", "ResourceNotFoundException", 404),
        AwsErrorCode.InvalidParameterValue => Unmodelled("InvalidParameterValueException", "InvalidParameterValue", 400),
        AwsErrorCode.MissingParameter => Unmodelled("MissingRequiredParameterException", "MissingParameter", 400),
        AwsErrorCode.MalformedRequest => Unmodelled("SerializationException", "MalformedInput", 400),
        AwsErrorCode.UnknownOperation => Unmodelled("UnknownOperationException", "InvalidAction", 400),
        AwsErrorCode.RequestTooLarge => Unmodelled("RequestEntityTooLargeException", "RequestEntityTooLarge", 413),
        AwsErrorCode.AccessDenied => Unmodelled("AccessDeniedException", "AccessDenied", 403),
        AwsErrorCode.UnknownAccessKey => Unmodelled("UnrecognizedClientException", "InvalidClientTokenId", 403),
        AwsErrorCode.SignatureDoesNotMatch => Unmodelled("InvalidSignatureException", "SignatureDoesNotMatch", 403),
        AwsErrorCode.MissingAuthentication => Unmodelled("MissingAuthenticationTokenException", "MissingAuthenticationToken", 403),
        AwsErrorCode.IncompleteSignature => Unmodelled("IncompleteSignatureException", "IncompleteSignature", 400),
        AwsErrorCode.Throttled => Unmodelled("ThrottlingException", "ThrottlingException", 400),
        AwsErrorCode.ServiceUnavailable => Unmodelled("ServiceUnavailableException", "ServiceUnavailable", 503),
        AwsErrorCode.InternalFailure => Unmodelled("InternalFailure", "InternalFailure", 500),
        AwsErrorCode.NotFound or AwsErrorCode.FilterPolicyLimitExceeded or AwsErrorCode.ReplayLimitExceeded or AwsErrorCode.SubscriptionLimitExceeded or AwsErrorCode.TopicLimitExceeded or AwsErrorCode.TagLimitExceeded
            or AwsErrorCode.InvalidState or AwsErrorCode.ParameterValueInvalid or AwsErrorCode.ValidationError or AwsErrorCode.EndpointDisabled or AwsErrorCode.PlatformApplicationDisabled
            or AwsErrorCode.OptedOut or AwsErrorCode.UserError or AwsErrorCode.Verification => throw new UnreachableException($"Amazon SQS has no {code}."),
    };

    private static AwsErrorKind Prefixed(string name) => Modelled(name, Prefix + name, 400);

    // The model carries no status in its form for JSON: whatever the client did wrong is 400 there.
    private static AwsErrorKind Modelled(string name, string queryCode, int queryStatus) => new(Service + name, queryCode, 400, queryStatus);

    private static AwsErrorKind Unmodelled(string name, string queryCode, int status) => new(Common + name, queryCode, status, status);
}
