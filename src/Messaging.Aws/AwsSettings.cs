namespace Messaging.Aws;

/// <summary>What the host knows and this front needs. Immutable.</summary>
public sealed record AwsSettings
{
    /// <summary>The region that is the namespace "default"; every other one is a namespace of its name.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>How long a deleted queue's name can't be used again, and a purged queue not be purged again; 60 as in Amazon SQS, 0 for tests.</summary>
    public int NameCoolDownSeconds { get; init; } = 60;
}
