using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>A member's id on the wire. What can't be one names no member.</summary>
internal static class MemberWords
{
    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, string field, out MemberId? member)
    {
        member = null;
        if (JsonText.Text(ref reader, document, field, out string text) is { } problem)
            return problem;
        return Read(text, field, out member);
    }

    public static Problem? Read(string text, string field, out MemberId? member)
    {
        bool isOne = MemberId.TryParse(text, out MemberId id);
        member = isOne ? id : null;
        return isOne ? null : Problem.Of(ErrorCode.UnknownMember, "A member is named as its join has answered.", field);
    }
}
