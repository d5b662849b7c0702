using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Http;

/// <summary>The query parameter <c>topic</c> of calls on a group.</summary>
internal static class TopicParameter
{
    public const string Name = "topic";

    /// <summary>Null where the call has none.</summary>
    public static Problem? Read(HttpRequest request, out TopicName? topic)
    {
        topic = null;
        if (!request.Query.TryGetValue(Name, out StringValues values))
            return null;
        bool isLegal = TopicName.TryParse(values[0], out TopicName name);
        topic = name;
        return isLegal ? null : Problem.Of(ErrorCode.InvalidName, "This is not a legal name of a topic.", Name);
    }
}
