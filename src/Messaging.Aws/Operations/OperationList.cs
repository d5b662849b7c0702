using System.Collections.Frozen;
using Messaging.Aws.Http;
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
        new Sns.CreateTopic(), new Sns.DeleteTopic(), new Sns.ListTopics(), new Sns.GetTopicAttributes(), new Sns.SetTopicAttributes(),
        new Sns.TagResource(), new Sns.UntagResource(), new Sns.ListTagsForResource(), new Sns.AddPermission(), new Sns.RemovePermission(),
        new Sns.Subscribe(), new Sns.ConfirmSubscription(), new Sns.Unsubscribe(), new Sns.ListSubscriptions(), new Sns.ListSubscriptionsByTopic(), new Sns.GetSubscriptionAttributes(), new Sns.SetSubscriptionAttributes(),
        new Sns.Publish(), new Sns.PublishBatch(), new Sns.PutDataProtectionPolicy(), new Sns.GetDataProtectionPolicy(),
        new Sns.CreatePlatformApplication(), new Sns.DeletePlatformApplication(), new Sns.ListPlatformApplications(), new Sns.GetPlatformApplicationAttributes(),
        new Sns.SetPlatformApplicationAttributes(), new Sns.CreatePlatformEndpoint(), new Sns.DeleteEndpoint(), new Sns.ListEndpointsByPlatformApplication(),
        new Sns.GetEndpointAttributes(), new Sns.SetEndpointAttributes(),
        new Sns.GetSMSAttributes(), new Sns.SetSMSAttributes(), new Sns.CheckIfPhoneNumberIsOptedOut(), new Sns.ListPhoneNumbersOptedOut(), new Sns.OptInPhoneNumber(),
        new Sns.CreateSMSSandboxPhoneNumber(), new Sns.VerifySMSSandboxPhoneNumber(), new Sns.DeleteSMSSandboxPhoneNumber(), new Sns.ListSMSSandboxPhoneNumbers(),
        new Sns.GetSMSSandboxAccountStatus(), new Sns.ListOriginationNumbers(),
    ];

    private static readonly FrozenDictionary<string, Operation>[] ByName = [.. AwsService.All.Select(static service =>
        All.Where(one => one.Service == service).ToFrozenDictionary(static one => one.Name, StringComparer.Ordinal))];

    private static readonly FrozenDictionary<string, Operation> ByTarget =
        All.Where(static one => one.Service == AwsService.Sqs).ToFrozenDictionary(static one => TargetPrefix + one.Name, StringComparer.Ordinal);

    /// <summary>By the header X-Amz-Target; null for what is none.</summary>
    public static Operation? OfTarget(StringValues target) => target.Count == 1 && ByTarget.TryGetValue(target[0]!, out Operation? operation) ? operation : null;

    /// <summary>By the parameter Action, of the service that the call names, or else of any, the guessed one first; null for what is none.</summary>
    public static Operation? OfAction(string? action, AwsService? named, AwsService guess)
    {
        if (action is null)
            return null;
        if ((named ?? guess) is var first && Of(first, action) is { } operation)
            return operation;
        if (named is not null)
            return null;
        foreach (AwsService service in AwsService.All)
        {
            if (Of(service, action) is { } other)
                return other;
        }
        return null;
    }

    private static Operation? Of(AwsService service, string action)
    {
        for (int index = 0; index < ByName.Length; index++)
        {
            if (AwsService.All[index] == service)
                return ByName[index].GetValueOrDefault(action);
        }
        return null;
    }
}
