using Messaging.Broker;
using Messaging.Broker.Topics;

namespace Messaging.Simulation.Topics;

/// <summary>Creates a topic, or lets it grow. Until it is answered nobody uses what it makes.</summary>
internal sealed class PutTopicCall(TopicWorld world, TopicLedger topic, TopicDefinition definition) : TopicCall(world)
{
    private Result<PutTopicResult> _answer;

    public override string ToString() => $"put {topic.Key.Name} with {definition.Partitions} partitions";

    protected override async Task Ask(MessageBroker broker) => _answer = await broker.Topics.PutAsync(topic.Key, definition, default, CancellationToken.None);

    protected override void Judge()
    {
        if (IsRefused(_answer.Error))
        {
            topic.Presence = topic.Partitions.Count == 0 ? Presence.Gone : Presence.There;
            return;
        }

        CheckOk(_answer.Error);
        topic.Presence = Presence.There;
        topic.Grow(definition.Partitions);
        World.Coverage.Count("topics put");
    }
}

/// <summary>Deletes a topic with all that it has.</summary>
internal sealed class DeleteTopicCall(TopicWorld world, TopicLedger topic) : TopicCall(world)
{
    private Result<bool> _answer;

    public override string ToString() => $"delete {topic.Key.Name}";

    protected override async Task Ask(MessageBroker broker)
    {
        topic.IsDoomed = true;
        topic.Presence = Presence.Unknown;
        _answer = await broker.Topics.DeleteAsync(topic.Key, default, CancellationToken.None);
    }

    protected override void Judge()
    {
        if (IsRefused(_answer.Error))
        {
            (topic.Presence, topic.IsDoomed) = (Presence.There, false);
            return;
        }

        CheckOk(_answer.Error);
        topic.Presence = Presence.Gone;
        World.Coverage.Count("topics deleted");
    }
}
