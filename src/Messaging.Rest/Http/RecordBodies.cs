using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Http;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>Bodies that are a record, or a record batch, and may be as large as their topic says. Hot path.</summary>
internal static class RecordBodies
{
    /// <summary>Reads the whole body, which the caller disposes, or stops early with a problem.</summary>
    public static async ValueTask<(RequestBody Body, Problem? Problem)> ReadAsync(HttpContext context, Front front, TopicBroker topics, TopicKey topic)
    {
        if (!topics.TryGetDefinition(topic, out TopicDefinition? definition))
        {
            Result<TopicDescription> found = await topics.GetAsync(topic, context.RequestAborted);
            if (!found.IsOk)
                return (RequestBody.None, Problem.Of(found.Error, topic));
            definition = found.Value.Definition;
        }
        (RequestBody body, Problem? unread) = await Bodies.ReadAsync(context, front, BodyLimit.OfRecord(definition.MaxMessageBytes));
        // It tells of the definition, which is synced once that is answered.
        if (unread is not null)
            await topics.GetAsync(topic, context.RequestAborted);
        return (body, unread);
    }
}
