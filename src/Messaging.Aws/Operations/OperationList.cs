using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;

namespace Messaging.Aws.Operations;

/// <summary>Every operation that is served, by its names in both protocols. Immutable. Hot path.</summary>
internal static class OperationList
{
    private const string TargetPrefix = "AmazonSQS.";

    public static readonly IReadOnlyList<Operation> All =
    [
        new SendMessage(), new SendMessageBatch(), new ReceiveMessage(), new DeleteMessage(), new DeleteMessageBatch(), new ChangeMessageVisibility(), new ChangeMessageVisibilityBatch(),
        new CreateQueue(), new DeleteQueue(), new PurgeQueue(), new GetQueueUrl(), new ListQueues(), new ListDeadLetterSourceQueues(), new GetQueueAttributes(), new SetQueueAttributes(),
        new TagQueue(), new UntagQueue(), new ListQueueTags(), new AddPermission(), new RemovePermission(),
        new StartMessageMoveTask(), new CancelMessageMoveTask(), new ListMessageMoveTasks(),
        new GetCallerIdentity(),
    ];

    private static readonly FrozenDictionary<string, Operation> ByName = All.ToFrozenDictionary(static one => one.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Operation> ByTarget =
        All.Where(static one => one.Service == "sqs").ToFrozenDictionary(static one => TargetPrefix + one.Name, StringComparer.Ordinal);

    /// <summary>By the header X-Amz-Target; null for what is none.</summary>
    public static Operation? OfTarget(StringValues target) => target.Count == 1 && ByTarget.TryGetValue(target[0]!, out Operation? operation) ? operation : null;

    /// <summary>By the parameter Action; null for what is none.</summary>
    public static Operation? OfAction(string? action) => action is not null && ByName.TryGetValue(action, out Operation? operation) ? operation : null;
}
