using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Queues;

/// <summary>Tags of queues: at most 50, and none of AWS's own (Developer Guide, "Amazon SQS cost allocation tags"). Pure.</summary>
internal static class TagRules
{
    private const string Reserved = "aws:";

    public static void Read<TMembers>(ref TMembers members, Dictionary<string, string> tags)
        where TMembers : IMembers, allows ref struct
    {
        members.BeginMap();
        while (members.NextEntry(out ReadOnlyMemory<byte> key))
            tags[Encoding.UTF8.GetString(key.Span)] = Encoding.UTF8.GetString(members.Text().Span);
    }

    /// <summary>The rule that one of these breaks, or null.</summary>
    public static AwsError? Check(IReadOnlyDictionary<string, string> tags)
    {
        foreach ((string key, string value) in tags)
        {
            if (key.Length is 0 or > AwsLimits.TagKeyCharactersMax)
                return Refusals.Invalid($"Tag key must be between 1 and {AwsLimits.TagKeyCharactersMax} characters.");
            if (key.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase))
                return Refusals.Invalid($"Tag keys can't start with the prefix {Reserved}");
            if (value.Length > AwsLimits.TagValueCharactersMax)
                return Refusals.Invalid($"Tag value must be between 0 and {AwsLimits.TagValueCharactersMax} characters.");
        }
        return null;
    }

    /// <summary>Whether a queue may have so many.</summary>
    public static AwsError? CheckCount(int count, string queue) =>
        count > AwsLimits.TagsMax ? Refusals.Invalid($"Too many tags added for queue {queue}.") : null;
}
