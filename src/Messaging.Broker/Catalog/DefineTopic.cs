using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Creates a topic, replaces its definition or changes some fields of it: the streams of its partitions and the entry in one frame. Cancellation counts until the
/// command is sequenced. With a truth beside the log the change goes to the <paramref name="writer"/>.
/// </summary>
internal sealed class DefineTopic(TopicHost host, TopicJournal journal, CatalogWriter? writer)
{
    public async ValueTask<Result<PutTopicResult>> PutAsync(TopicKey key, TopicDefinition definition, Precondition precondition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Shared.WhyStopping() ?? definition.Validate();
        if (refusal is not null) return refusal;
        if (key.Name.Value.Length == 0) return new BrokerError(ErrorCode.InvalidName, "A topic has a name.", "topic");
        TopicDefinition own = Own(definition);
        return await RunAsync(new TopicChange(key, _ => own, precondition), cancellationToken);
    }

    public async ValueTask<Result<PutTopicResult>> PatchAsync(TopicKey key, TopicPatch patch, Precondition precondition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Shared.WhyStopping();
        if (refusal is not null) return refusal;
        return await RunAsync(new TopicChange(key, topic => Patched(key, topic, patch), precondition), cancellationToken);
    }

    /// <summary>A copy of it: the caller may change its tags and annotations afterwards.</summary>
    public static TopicDefinition Own(TopicDefinition definition) =>
        definition with { Tags = DefinitionTexts.Own(definition.Tags), Annotations = DefinitionTexts.Own(definition.Annotations) };

    private static Result<TopicDefinition> Patched(TopicKey key, LiveTopic? topic, TopicPatch patch)
    {
        if (topic is null) return TopicHost.TopicNotFound(key);
        TopicDefinition definition = patch(topic.Definition);
        return definition.Validate() is { } refusal ? refusal : definition;
    }

    private async ValueTask<Result<PutTopicResult>> RunAsync(TopicChange change, CancellationToken cancellationToken)
    {
        if (writer is null)
        {
            return await MeasuredCommand.RunAsync(
                host.Shared, frees: false, () => Measure(change), (in Command command, int bytes) => Put(command, change, bytes), cancellationToken);
        }

        Result<ChangedDefinition[]> done = await writer.ChangeAsync(CatalogChange.Of(change), cancellationToken);
        return done.IsOk ? done.Value[0].Topic! : done.Error;
    }

    // What the change comes to as things are. A refusal appends nothing.
    private int Measure(TopicChange change)
    {
        using Command command = host.Engine.BeginCommand(0);
        Result<TopicDefinition> defined = Decide(change, out LiveTopic? topic);
        return defined.IsOk ? TopicJournal.PutBytesMax(change.Key, topic, defined.Value) : 0;
    }

    private Result<TopicDefinition> Decide(TopicChange change, out LiveTopic? topic)
    {
        host.Topics.TryGet(change.Key, out topic);
        return change.Decide(topic, host.Topics.PartitionCount);
    }

    private Result<PutTopicResult>? Put(in Command command, TopicChange change, int bytes)
    {
        Result<TopicDefinition> defined = Decide(change, out LiveTopic? topic);
        if (!defined.IsOk) return defined.Error;
        if (TopicJournal.PutBytesMax(change.Key, topic, defined.Value) > bytes) return null;
        LiveTopic put = journal.Put(command, topic, change.Key, defined.Value, host.Clock.NowMs());
        return new PutTopicResult(GetTopic.Describe(host, put), Created: topic is null);
    }
}
