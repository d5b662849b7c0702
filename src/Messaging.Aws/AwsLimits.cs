namespace Messaging.Aws;

/// <summary>Every bound of the front, by name: those of Amazon SQS (Developer Guide, "Amazon SQS quotas") and of the bytes around it.</summary>
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
