using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>The queues that move tasks name by their ARNs.</summary>
internal static class MoveSource
{
    /// <summary>The queue of this ARN, which is there, and with which the caller may do all of this.</summary>
    public static async ValueTask<(AwsError? Refused, QueueKey Queue)> FindAsync(Call call, string parameter, string text, params string[] actions)
    {
        if (!QueueArn.TryParse(text, out QueueArn arn))
            return (Refusals.Invalid($"You must use this format to specify the {parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>"), default);
        var queue = new QueueKey(arn.Account, call.Namespace, arn.Name);
        if (arn.Region != call.Region)
            return (NotFound(parameter), default);
        (AwsError? refused, QueueDescription? found) = await call.DescribeAsync(queue, actions[0]);
        foreach (string action in actions.AsSpan(1))
            refused ??= call.Authorize(action, queue, found!.Definition);
        return (refused == Refusals.NoQueue ? NotFound(parameter) : refused, queue);
    }

    public static AwsError NotFound(string parameter) =>
        new(AwsErrorCode.ResourceNotFound, $"The resource that you specified for the {parameter} parameter doesn't exist.");
}
