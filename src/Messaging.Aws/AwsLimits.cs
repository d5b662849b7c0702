namespace Messaging.Aws;

/// <summary>Every bound of the front, by name: those of Amazon SQS (Developer Guide, "Amazon SQS quotas") and of the bytes around it.</summary>
internal static class AwsLimits
{
    /// <summary>The body of a call: 1 MiB of messages whose characters are all escaped, with names and attributes.</summary>
    public const int RequestBytesMax = 8 * 1024 * 1024;
}
