namespace Messaging.Aws;

/// <summary>
/// Every bound of the front, by name: those of Amazon SQS (Developer Guide, "Amazon SQS message quotas", "queue quotas", "policy quotas"; API Reference) and of the bytes around them.
/// </summary>
internal static class AwsLimits
{
    /// <summary>The body of a call: 1 MiB of messages whose characters are all escaped, with names and attributes.</summary>
    public const int RequestBytesMax = 8 * 1024 * 1024;

    /// <summary>The header Authorization. That of an SDK has some 300 characters.</summary>
    public const int AuthorizationCharactersMax = 8 * 1024;

    /// <summary>Path and query of a request that is signed; Kestrel's own bound is 8 KiB by default.</summary>
    public const int SignedTargetCharactersMax = 16 * 1024;

    /// <summary>Headers that one signature covers.</summary>
    public const int SignedHeadersMax = 64;

    /// <summary>A key id, date, region, service and terminator.</summary>
    public const int CredentialCharactersMax = 320;

    /// <summary>An access key's id (IAM API Reference, "AccessKey").</summary>
    public const int AccessKeyCharactersMax = 128;

    /// <summary>A region; the longest of AWS has 16.</summary>
    public const int RegionCharactersMax = 64;

    /// <summary>How far a signature's time may be from the server's.</summary>
    public const int ClockSkewMinutes = 15;

    /// <summary>A presigned request is good for at most a week (IAM User Guide, "Authentication methods").</summary>
    public const int PresignedSecondsMax = 604_800;

    /// <summary>Signing keys, and callers of the open mode, that are remembered; one for each key, day and region.</summary>
    public const int CredentialsKept = 4096;

    /// <summary>Parameters of a call in the Query protocol, and items of lists and maps of one in JSON. The largest legal one is a batch of 10 messages with 10 attributes each, about 400.</summary>
    public const int ParametersMax = 10_000;

    /// <summary>The body of a call that sends nothing. The largest legal one is a policy, or 50 tags, with all characters escaped.</summary>
    public const int SmallRequestBytesMax = 256 * 1024;

    /// <summary>How much of a client's own text an error repeats: all of what is legal.</summary>
    public const int EchoCharactersMax = 1_024;

    /// <summary>Pages of the broker that one list looks through.</summary>
    public const int ListRoundsMax = 1_000;

    /// <summary>Bytes of a message, and of all messages of a batch: body, and names, types and values of attributes.</summary>
    public const int MessageBytesMax = 1_048_576;

    /// <summary>The smallest MaximumMessageSize.</summary>
    public const int MessageBytesMin = 1_024;

    /// <summary>Entries of a batch.</summary>
    public const int BatchEntriesMax = 10;

    /// <summary>Characters of a batch entry's id.</summary>
    public const int BatchEntryIdCharactersMax = 80;

    /// <summary>Messages of one receive.</summary>
    public const int ReceiveMax = 10;

    /// <summary>How long a receive may wait.</summary>
    public const int WaitSecondsMax = 20;

    /// <summary>12 hours: of a visibility timeout, and of all of them of one receive together.</summary>
    public const int VisibilitySecondsMax = 43_200;

    /// <summary>15 minutes.</summary>
    public const int DelaySecondsMax = 900;

    /// <summary>A minute.</summary>
    public const int RetentionSecondsMin = 60;

    /// <summary>14 days.</summary>
    public const int RetentionSecondsMax = 1_209_600;

    /// <summary>Messages of one queue that are in flight at once.</summary>
    public const int InFlightMax = 120_000;

    /// <summary>Attributes of one message.</summary>
    public const int AttributesMax = 10;

    /// <summary>Characters of an attribute's name, and of its type.</summary>
    public const int AttributeNameCharactersMax = 256;

    /// <summary>Characters of a queue's name, ".fifo" included.</summary>
    public const int QueueNameCharactersMax = 80;

    /// <summary>Characters of a message group's id, of a deduplication id and of a receive attempt's id.</summary>
    public const int IdCharactersMax = 128;

    /// <summary>Tags of one queue.</summary>
    public const int TagsMax = 50;

    /// <summary>Characters of a tag's key.</summary>
    public const int TagKeyCharactersMax = 128;

    /// <summary>Characters of a tag's value.</summary>
    public const int TagValueCharactersMax = 256;

    /// <summary>Queues of one page of a list, and what a page has without MaxResults.</summary>
    public const int ListMax = 1_000;

    /// <summary>Move tasks of one list.</summary>
    public const int MoveTasksMax = 10;

    /// <summary>The fastest move task, in messages a second.</summary>
    public const int MovesPerSecondMax = 500;

    /// <summary>The largest maxReceiveCount.</summary>
    public const int ReceiveCountMax = 1_000;

    /// <summary>Queues that a RedriveAllowPolicy may name.</summary>
    public const int RedriveSourcesMax = 10;

    /// <summary>A minute.</summary>
    public const int KmsReuseSecondsMin = 60;

    /// <summary>A day.</summary>
    public const int KmsReuseSecondsMax = 86_400;

    /// <summary>A KMS key is named by so many characters at most.</summary>
    public const int KmsKeyCharactersMax = 2_048;

    /// <summary>How often what was decided on a version that somebody else has replaced is decided again: whoever changes the same thing at the same time gets through sooner or later, and this often in a row is not by chance.</summary>
    public const int EditTriesMax = 20;

    /// <summary>Queues whose deletion or purge is remembered for the waits that follow them (memory: about 200 bytes each). Beyond it all are forgotten.</summary>
    public const int CoolDownsMax = 100_000;

    /// <summary>A queue's policy: 8,192 bytes, 20 statements, and in each 50 principals, 10 conditions and 7 actions (Developer Guide, "Amazon SQS quotas"; API Reference, "AddPermission").</summary>
    public const int PolicyBytesMax = 8192;

    /// <inheritdoc cref="PolicyBytesMax"/>
    public const int PolicyStatementsMax = 20;

    /// <inheritdoc cref="PolicyBytesMax"/>
    public const int PolicyPrincipalsMax = 50;

    /// <inheritdoc cref="PolicyBytesMax"/>
    public const int PolicyConditionsMax = 10;

    /// <inheritdoc cref="PolicyBytesMax"/>
    public const int PolicyActionsMax = 7;

    /// <summary>The name of a permission (API Reference, "AddPermission").</summary>
    public const int LabelCharactersMax = 80;
}
