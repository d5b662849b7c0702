using System.Text;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Catalog.Tests;

/// <summary>The calls of a test on topics in few words.</summary>
internal static class CatalogTopics
{
    public static TopicKey Key(string name, string space = "default")
    {
        Assert.True(TopicName.TryParse(name, out TopicName topic));
        Assert.True(NamespaceName.TryParse(space, out NamespaceName parsed));
        return new TopicKey(AccountId.Default, parsed, topic);
    }

    public static async Task<TopicDescription> PutTopicAsync(this CatalogHarness broker, string name, TopicDefinition? definition = null)
    {
        Result<PutTopicResult> put = await broker.Broker.Topics.PutAsync(Key(name), definition ?? new TopicDefinition(), default, default);
        Assert.True(put.IsOk, put.Error?.Detail);
        return put.Value.Topic;
    }

    /// <summary>Why it can't be put now; null when it was.</summary>
    public static async Task<BrokerError?> TryPutTopicAsync(this CatalogHarness broker, string name) =>
        (await broker.Broker.Topics.PutAsync(Key(name), new TopicDefinition(), default, default)).Error;

    public static async Task DeleteTopicAsync(this CatalogHarness broker, string name)
    {
        Result<bool> deleted = await broker.Broker.Topics.DeleteAsync(Key(name), default, default);
        Assert.True(deleted.IsOk, deleted.Error?.Detail);
    }

    /// <summary>Null where there is none.</summary>
    public static async Task<TopicDescription?> GetTopicAsync(this CatalogHarness broker, string name)
    {
        Result<TopicDescription> got = await broker.Broker.Topics.GetAsync(Key(name), default);
        return got.IsOk ? got.Value : null;
    }

    public static async Task<string[]> TopicNamesAsync(this CatalogHarness broker, int pageSize = 100)
    {
        var names = new List<string>();
        string? token = null;
        do
        {
            TopicPage page = (await broker.Broker.Topics.ListAsync(AccountId.Default, NamespaceName.Default, null, pageSize, token, default)).Value;
            names.AddRange(page.Topics.Select(topic => topic.Key.Name.Value));
            token = page.NextPageToken;
        }
        while (token is not null);
        return [.. names];
    }

    /// <summary>One record of this text.</summary>
    public static async Task PublishAsync(this CatalogHarness broker, string name, string value, int partition = 0)
    {
        var record = new OutgoingRecord { Value = Encoding.UTF8.GetBytes(value), Partition = partition };
        Result<PublishOutcome[]> published = await broker.Broker.Topics.PublishAsync(Key(name), new[] { record }, null, default);
        Assert.True(published.IsOk, published.Error?.Detail);
        Assert.Null(Assert.Single(published.Value).Error);
    }

    /// <summary>The texts of a partition's records.</summary>
    public static async Task<string[]> FetchAsync(this CatalogHarness broker, string name, int partition = 0)
    {
        Result<FetchedRecords> answer = await broker.Broker.Topics.FetchAsync(Key(name), partition, new FetchRequest(FetchRequest.Earliest, 1 << 20), default);
        Assert.True(answer.IsOk, answer.Error?.Detail);
        using FetchedRecords fetched = answer.Value;
        var values = new List<string>();
        using FetchedRecordReader reader = fetched.Read();
        while (reader.MoveNext()) values.Add(Encoding.UTF8.GetString(reader.Value));
        return [.. values];
    }
}
