using System.Collections.Frozen;

namespace Messaging.Aws.Policies;

/// <summary>
/// The actions of Amazon SQS as bits, so that what a statement is about is one number. Sources: Service Authorization Reference, "Actions, resources,
/// and condition keys for Amazon SQS"; Developer Guide, "Limitations of custom policies", which lists what is never granted across accounts.
/// </summary>
internal static class SqsActions
{
    public const uint None = 0;
    public const uint All = uint.MaxValue;

    private static readonly string[] Names =
    [
        "AddPermission", "CancelMessageMoveTask", "ChangeMessageVisibility", "CreateQueue", "DeleteMessage", "DeleteQueue", "GetQueueAttributes",
        "GetQueueUrl", "ListDeadLetterSourceQueues", "ListMessageMoveTasks", "ListQueueTags", "ListQueues", "PurgeQueue", "ReceiveMessage",
        "RemovePermission", "SendMessage", "SetQueueAttributes", "StartMessageMoveTask", "TagQueue", "UntagQueue",
    ];

    private static readonly FrozenDictionary<string, uint> Bits = MakeBits();

    private static readonly uint OwnersOnly = Of("AddPermission") | Of("CancelMessageMoveTask") | Of("CreateQueue") | Of("DeleteQueue")
        | Of("ListMessageMoveTasks") | Of("ListQueues") | Of("ListQueueTags") | Of("RemovePermission") | Of("SetQueueAttributes")
        | Of("StartMessageMoveTask") | Of("TagQueue") | Of("UntagQueue");

    /// <summary>Of an operation's name, and of a batch that of its single operation; <see cref="None"/> of what is no action.</summary>
    public static uint Of(string action) => Bits.GetValueOrDefault(action);

    /// <summary>Of all actions whose names fit, in any case.</summary>
    public static uint Matching(string pattern)
    {
        uint bits = None;
        foreach (string name in Names)
        {
            if (Wildcard.Matches(pattern, name, ignoreCase: true))
                bits |= Of(name);
        }
        return bits;
    }

    /// <summary>Whether only the queue's own account may do it, whatever a policy says.</summary>
    public static bool IsOwnersOnly(string action) => (Of(action) & OwnersOnly) != 0;

    /// <summary>The action that a policy grants for this operation: a batch is granted by its single operation.</summary>
    public static string Granted(string operation) => operation switch
    {
        "SendMessageBatch" => "SendMessage",
        "DeleteMessageBatch" => "DeleteMessage",
        "ChangeMessageVisibilityBatch" => "ChangeMessageVisibility",
        _ => operation,
    };

    private static FrozenDictionary<string, uint> MakeBits()
    {
        var bits = new Dictionary<string, uint>(StringComparer.Ordinal);
        for (int i = 0; i < Names.Length; i++)
            bits.Add(Names[i], 1u << i);
        foreach (string batch in (ReadOnlySpan<string>)["SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch"])
            bits.Add(batch, bits[Granted(batch)]);
        return bits.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
