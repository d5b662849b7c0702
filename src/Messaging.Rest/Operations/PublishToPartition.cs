using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// POST /v1/topics/{topic}/partitions/{partition}/records: one record batch v2 of Kafka, stored as it is; or records as JSON, as <see cref="PublishRecords"/> takes them. Answers when
/// they are on the disk. Hot path.
/// </summary>
internal sealed class PublishToPartition(Front front)
{
    private readonly PublishRecords _records = new(front);

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if (MediaTypes.IsRecordBatch(context.Request.ContentType))
            return await PublishBatchAsync(context);
        return PartitionPath.Read(context, out int partition) ?? await _records.InvokeAsync(context, partition);
    }

    private async Task<Problem?> PublishBatchAsync(HttpContext context)
    {
        Problem? refused = front.OpenPartition(context, out TopicBroker topics, out TopicKey topic, out int partition)
            ?? QueryFields.Check(context.Request)
            ?? MessageHeaders.RefuseAny(context.Request);
        if (refused is not null)
            return refused;
        (RequestBody body, Problem? unread) = await RecordBodies.ReadAsync(context, front, topics, topic);
        if (unread is not null)
            return unread;
        using (body)
        {
            Result<PublishedBatch> published = await topics.PublishBatchAsync(topic, partition, body.Bytes, CancellationToken.None);
            if (!published.IsOk)
                return Problem.Of(published.Error, topic);
            using var answer = BufferedAnswer.Rent();
            RecordWriter.Write(answer.Writer, published.Value);
            await answer.SendAsync(context, StatusCodes.Status200OK);
            return null;
        }
    }
}
