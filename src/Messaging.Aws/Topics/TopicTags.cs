using Messaging.Aws.Errors;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Topics;

/// <summary>Tags of topics: at most 50, and none of AWS's own (Developer Guide, "Amazon SNS topic tagging"). Pure.</summary>
internal static class TopicTags
{
    private const int Key = 0;
    private const string Reserved = "aws:";

    private static readonly MemberTable Members = new(required: 2, "Key", "Value");

    public static void Read<TMembers>(ref TMembers members, List<KeyValuePair<string, string>> tags)
        where TMembers : IMembers, allows ref struct
    {
        members.BeginList();
        while (members.NextItem())
        {
            members.BeginStructure();
            (string key, string value) = ("", "");
            uint seen = 0;
            int member;
            while ((member = members.Next(Members, ref seen)) != MemberTable.End)
            {
                if (member == Key)
                    key = MemberText.Read(ref members);
                else
                    value = MemberText.Read(ref members);
            }
            tags.Add(KeyValuePair.Create(key, value));
        }
    }

    /// <summary>The rule that one of these breaks, or null with them by their keys.</summary>
    public static AwsError? Check(List<KeyValuePair<string, string>> tags, out Dictionary<string, string> byKey)
    {
        byKey = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in tags)
        {
            if (key.Length is 0 or > AwsLimits.TagKeyCharactersMax)
                return SnsRefusals.Invalid($"Tag key must be between 1 and {AwsLimits.TagKeyCharactersMax} characters.");
            if (key.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase))
                return SnsRefusals.Invalid($"Tag keys can't start with the prefix {Reserved}");
            if (value.Length > AwsLimits.TagValueCharactersMax)
                return SnsRefusals.Invalid($"Tag value must be between 0 and {AwsLimits.TagValueCharactersMax} characters.");
            if (!byKey.TryAdd(key, value))
                return SnsRefusals.Invalid("Duplicated keys are not allowed.");
        }
        return CheckCount(byKey.Count);
    }

    /// <summary>Whether a topic may have so many.</summary>
    public static AwsError? CheckCount(int count) =>
        count > AwsLimits.TagsMax ? new AwsError(AwsErrorCode.TagLimitExceeded, "Could not complete request: tag quota of per resource exceeded") : null;

    public static void Write(IAnswer answer, IReadOnlyDictionary<string, string> tags)
    {
        answer.BeginList("Tags"u8, "member"u8);
        foreach ((string key, string value) in tags)
        {
            answer.BeginItem();
            answer.Text("Key"u8, XmlText.Legal(key));
            answer.Text("Value"u8, XmlText.Legal(value));
            answer.EndItem();
        }
        answer.EndList();
    }
}
