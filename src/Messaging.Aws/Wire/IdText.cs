using System.Buffers;

namespace Messaging.Aws.Wire;

/// <summary>Ids that clients choose. Pure.</summary>
internal static class IdText
{
    private static readonly SearchValues<char> EntryCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Of a message group, a deduplication or a receive attempt: 1 to 128 letters, digits and punctuation of ASCII (API Reference, MessageGroupId).</summary>
    public static bool IsLegal(string id) => id.Length is > 0 and <= AwsLimits.IdCharactersMax && !id.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>Of a batch's entry: 1 to 80 letters, digits, hyphens and underscores (API Reference, SendMessageBatchRequestEntry).</summary>
    public static bool IsEntryId(string id) => id.Length is > 0 and <= AwsLimits.BatchEntryIdCharactersMax && !id.AsSpan().ContainsAnyExcept(EntryCharacters);
}
