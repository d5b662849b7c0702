using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Broker.Names;

namespace Messaging.Aws.Operations;

/// <summary>The queues that move tasks name by their ARNs.</summary>
internal static class MoveSource
{
    /// <summary>The queue of this ARN, which is there and which the caller may use so.</summary>
    public static async ValueTask<(AwsError? Refused, QueueKey Queue)> FindAsync(Call call, string parameter, string text, string action)
    {
        if (!QueueArn.TryParse(text, out QueueArn arn))
            return (Refusals.Invalid($"You must use this format to specify the {parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>"), default);
        var queue = new QueueKey(arn.Account, call.Namespace, arn.Name);
        if (arn.Region != call.Region)
            return (NotFound(parameter), default);
        (AwsError? refused, _) = await call.DescribeAsync(queue, action);
        return (refused == Refusals.NoQueue ? NotFound(parameter) : refused, queue);
    }

    public static AwsError NotFound(string parameter) =>
        new(AwsErrorCode.ResourceNotFound, $"The resource that you specified for the {parameter} parameter doesn't exist.");
}
