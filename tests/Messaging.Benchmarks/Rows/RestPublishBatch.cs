using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;

namespace Messaging.Benchmarks.Rows;

/// <summary>As <see cref="RestPublish"/>, with the 100 records as one uncompressed record batch, which the server checks from end to end and stores as it is.</summary>
internal sealed class RestPublishBatch : IRow
{
    private const string Topic = "batches";

    public string Name => "rest-publish-batch";

    public string Summary => "the same as record batches that are stored as they are";

    public IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data) =>
        RestPublish.MeasureAsync(Name, Goal.AtLeast(0.6, 0.8), Topic, TopicRequest.PublishBatch(Topic, RestPublish.Records, RestPublish.RecordBytes), options, data);
}
