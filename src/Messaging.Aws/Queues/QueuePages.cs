using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Queues;

/// <summary>
/// What both lists of queues have in common: a page of 1 to 1,000 URLs, and a token for the next one where the caller has said how long a page is (API Reference, ListQueues). Owned by one call.
/// </summary>
internal sealed class QueuePages
{
    public int? Max;
    public string? NextToken;
    public readonly List<string> Urls = [];
    public string? Next;

    public int Size => Max ?? AwsLimits.ListMax;

    /// <summary>Whether the answer tells of what follows.</summary>
    public bool IsPaged => Max is not null;

    public AwsError? Check() => Max is < 1 or > AwsLimits.ListMax
        ? Refusals.Invalid("MaxResults", $"{Max}", $"MaxResults must be an integer between 1 and {AwsLimits.ListMax}.")
        : null;

    public static AwsError WrongToken(string token) => Refusals.Invalid("NextToken", token, "Invalid or expired next token.");

    public void WriteUrls(IAnswer answer, ReadOnlySpan<byte> name)
    {
        answer.BeginList(name, "QueueUrl"u8);
        foreach (string url in Urls)
            answer.Item(Encoding.UTF8.GetBytes(url));
        answer.EndList();
    }

    public void WriteNext(IAnswer answer)
    {
        if (Next is not null && IsPaged)
            answer.Text("NextToken"u8, Encoding.ASCII.GetBytes(Next));
    }
}
