namespace Messaging.Aws.Errors;

/// <summary>A refusal as AWS's clients see it: they match on the code, and tests on the text. Immutable.</summary>
internal sealed record AwsError(AwsErrorCode Code, string Message)
{
    /// <summary>What the Query protocol says instead; the same where it is null.</summary>
    public string? QueryMessage { get; init; }
}
