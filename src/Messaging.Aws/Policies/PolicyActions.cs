using System.Collections.Frozen;

namespace Messaging.Aws.Policies;

/// <summary>
/// The actions of one service as bits, so that what a statement is about is one number, and the bounds of its policies. Immutable. Sources: Service Authorization Reference, "Actions, resources, and condition
/// keys" for Amazon SQS and for Amazon SNS; Amazon SQS Developer Guide, "Limitations of custom policies", which lists what is never granted across accounts.
/// </summary>
internal sealed class PolicyActions
{
    public const uint None = 0;
    public const uint All = uint.MaxValue;

    private readonly string[] _names;
    private readonly FrozenDictionary<string, uint> _bits;
    private readonly FrozenDictionary<string, string> _batches;
    private readonly uint _shared;

    private PolicyActions(string prefix, string[] shared, string[] ownersOnly, params (string Batch, string Action)[] batches)
    {
        Prefix = prefix;
        _names = [.. shared, .. ownersOnly];
        _batches = batches.ToFrozenDictionary(static one => one.Batch, static one => one.Action, StringComparer.Ordinal);
        var bits = new Dictionary<string, uint>(StringComparer.Ordinal);
        for (int i = 0; i < _names.Length; i++)
            bits.Add(_names[i], 1u << i);
        _shared = (1u << shared.Length) - 1;
        foreach ((string batch, string action) in batches)
            bits.Add(batch, bits[action]);
        _bits = bits.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Those of queues.</summary>
    public static PolicyActions Sqs { get; } = new(
        "sqs:",
        ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ListDeadLetterSourceQueues", "PurgeQueue", "ReceiveMessage", "SendMessage"],
        ["AddPermission", "CancelMessageMoveTask", "CreateQueue", "DeleteQueue", "ListMessageMoveTasks", "ListQueues", "ListQueueTags", "RemovePermission", "SetQueueAttributes",
            "StartMessageMoveTask", "TagQueue", "UntagQueue"],
        ("SendMessageBatch", "SendMessage"), ("DeleteMessageBatch", "DeleteMessage"), ("ChangeMessageVisibilityBatch", "ChangeMessageVisibility"))
    {
        BytesMax = AwsLimits.PolicyBytesMax, StatementsMax = AwsLimits.PolicyStatementsMax, PerStatementMax = AwsLimits.PolicyActionsMax,
    };

    /// <summary>Those of topics.</summary>
    public static PolicyActions Sns { get; } = new(
        "sns:",
        ["AddPermission", "DeleteTopic", "GetDataProtectionPolicy", "GetTopicAttributes", "ListSubscriptionsByTopic", "ListTagsForResource", "Publish", "PutDataProtectionPolicy", "Receive",
            "RemovePermission", "SetTopicAttributes", "Subscribe"],
        ["ConfirmSubscription", "CreateTopic", "GetSubscriptionAttributes", "ListSubscriptions", "ListTopics", "SetSubscriptionAttributes", "TagResource", "UntagResource", "Unsubscribe"],
        ("PublishBatch", "Publish"))
    {
        BytesMax = SnsLimits.PolicyBytesMax, StatementsMax = SnsLimits.PolicyStatementsMax, PerStatementMax = SnsLimits.PolicyActionsMax,
    };

    /// <summary>What names of its actions begin with, in small letters.</summary>
    public string Prefix { get; }

    /// <summary>UTF-8 bytes of a policy.</summary>
    public required int BytesMax { get; init; }

    public required int StatementsMax { get; init; }

    /// <summary>Actions of one statement.</summary>
    public required int PerStatementMax { get; init; }

    /// <summary>Of an operation's name, and of a batch that of its single operation; <see cref="None"/> of what is no action.</summary>
    public uint Of(string action) => _bits.GetValueOrDefault(action);

    /// <summary>Of all actions whose names fit, in any case.</summary>
    public uint Matching(string pattern)
    {
        uint bits = None;
        foreach (string name in _names)
        {
            if (Wildcard.Matches(pattern, name, ignoreCase: true))
                bits |= Of(name);
        }
        return bits;
    }

    /// <summary>Whether only the resource's own account may do it, whatever a policy says.</summary>
    public bool IsOwnersOnly(string action) => (Of(action) & ~_shared) != 0;

    /// <summary>The action that a policy grants for this operation: a batch is granted by its single operation.</summary>
    public string Granted(string operation) => _batches.GetValueOrDefault(operation, operation);

    /// <summary>As refusals write it: SQS in small letters, unlike other services.</summary>
    public string Shown(string operation) => this == Sqs ? $"sqs:{Granted(operation).ToLowerInvariant()}" : $"SNS:{Granted(operation)}";
}
