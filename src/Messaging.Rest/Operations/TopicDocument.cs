using Messaging.Broker.Topics;
using Messaging.Http;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>The answer of the operations that tell of one topic.</summary>
internal static class TopicDocument
{
    public static async Task AnswerAsync(HttpContext context, TopicDescription topic, bool isCreated)
    {
        if (isCreated)
            context.Response.Headers.Location = ResourcePath.Topic.Format(topic.Key.Name.Value);
        Preconditions.SetTag(context.Response, topic.Version);
        using var answer = BufferedAnswer.Rent();
        TopicWriter.Write(answer.Writer, topic);
        await answer.SendAsync(context, isCreated ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }
}
