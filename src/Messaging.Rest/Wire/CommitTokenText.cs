using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>The commit token of a group fetch, as calls show it.</summary>
internal static class CommitTokenText
{
    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, string name, out CommitToken? token)
    {
        token = null;
        if (JsonText.Text(ref reader, document, name, out string text) is { } problem)
            return problem;
        return CommitToken.TryParse(text, out token) ? null : Problem.Of(ErrorCode.CommitTokenInvalid, "This is not a commit token of this server.", name);
    }
}
