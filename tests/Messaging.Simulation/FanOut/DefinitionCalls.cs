using Messaging.Broker;
using Messaging.Broker.Filters;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Simulation.FanOut;

/// <summary>Creates a topic.</summary>
internal sealed class CreateTopicCall(FanOutWorld world, string topic, TopicDefinition definition) : SequencedCall(world)
{
    private Result<PutTopicResult> _answer;

    protected override BrokerError? Error => _answer.Error;

    protected override bool MayDoNothing => true;

    public override string ToString() => $"put topic {topic}";

    protected override async Task Call(MessageBroker broker) => _answer = await broker.Topics.PutAsync(FanOutWorld.TopicOf(topic), definition, default, CancellationToken.None);

    protected override Action<FanOutModel> Decide()
    {
        long[] streams = [.. World.Find(FanOutWorld.TopicOf(topic))!.Partitions.Select(partition => partition.Stream.Id)];
        return model => model.Topics[topic] = new ModelTopic(definition, [.. streams.Select(stream => new ModelPartition(stream))]);
    }

    protected override void JudgeAnswer()
    {
    }
}

/// <summary>Deletes a topic with its records and its subscriptions; what queues have of it stays.</summary>
internal sealed class DeleteTopicCall(FanOutWorld world, string topic) : SequencedCall(world)
{
    private Result<bool> _answer;

    protected override BrokerError? Error => _answer.Error;

    public override string ToString() => $"delete topic {topic}";

    protected override async Task Call(MessageBroker broker) => _answer = await broker.Topics.DeleteAsync(FanOutWorld.TopicOf(topic), default, CancellationToken.None);

    protected override Action<FanOutModel> Decide() => model => model.Topics.Remove(topic);

    protected override void JudgeAnswer()
    {
    }
}

/// <summary>Creates a queue, or gives it another delay.</summary>
internal sealed class PutQueueCall(FanOutWorld world, string queue, QueueDefinition definition) : SequencedCall(world)
{
    private Result<PutQueueResult> _answer;

    protected override BrokerError? Error => _answer.Error;

    protected override bool MayDoNothing => true;

    public override string ToString() => $"put queue {queue}, delay {definition.DelaySeconds} s";

    protected override async Task Call(MessageBroker broker) => _answer = await broker.Queues.PutAsync(FanOutWorld.QueueOf(queue), definition, CancellationToken.None);

    protected override Action<FanOutModel> Decide()
    {
        long stream = World.Find(FanOutWorld.QueueOf(queue))!.Stream.Id;
        return model =>
        {
            if (model.Queues.TryGetValue(queue, out ModelInbox? there)) there.Definition = definition;
            else model.Queues.Add(queue, new ModelInbox(definition, stream));
        };
    }

    protected override void JudgeAnswer()
    {
    }
}

/// <summary>Deletes a queue; who subscribes to it stays, and delivers to the next one of the name.</summary>
internal sealed class DeleteQueueCall(FanOutWorld world, string queue) : SequencedCall(world)
{
    private Result<bool> _answer;

    protected override BrokerError? Error => _answer.Error;

    public override string ToString() => $"delete queue {queue}";

    protected override async Task Call(MessageBroker broker) => _answer = await broker.Queues.DeleteAsync(FanOutWorld.QueueOf(queue), default, evenIfInUse: true, CancellationToken.None);

    protected override Action<FanOutModel> Decide() => model => model.Queues.Remove(queue);

    protected override void JudgeAnswer()
    {
    }
}

/// <summary>Subscribes a queue, or changes what a subscription wants and where it delivers.</summary>
internal sealed class PutSubscriptionCall : SequencedCall
{
    private readonly string _topic;
    private readonly string _name;
    private readonly ModelSubscription _wanted;
    private Result<PutSubscriptionResult> _answer;

    public PutSubscriptionCall(FanOutWorld world, string topic, string name)
        : base(world)
    {
        (_topic, _name) = (topic, name);
        // No two of a topic have one target, or one dead-letter queue.
        int number = Array.IndexOf(FanOutWorld.SubscriptionNames, name);
        string queue = FanOutWorld.QueueNames[(2 * number) + world.Random.Next(2)];
        string? deadLetter = number < 2 && world.Random.Next(2) == 0 ? $"lost-{number}" : null;
        string? kind = world.Any(null, "a", "b");
        bool isOfBody = world.Random.Next(2) == 0;
        var definition = new SubscriptionDefinition
        {
            Target = new SubscriptionTarget.OfQueue(FanOutWorld.QueueOf(queue).Name),
            DeadLetter = deadLetter is null ? null : FanOutWorld.QueueOf(deadLetter).Name,
            Filter = kind is null ? null : new SubscriptionFilter(isOfBody ? FilterScope.Body : FilterScope.Attributes, $$"""{"kind":["{{kind}}"]}"""),
        };
        _wanted = new ModelSubscription(definition, queue, deadLetter, kind, isOfBody, IsPaused: false);
    }

    protected override BrokerError? Error => _answer.Error;

    protected override bool MayDoNothing => true;

    // A queue that is named must be there.
    protected override bool MayRefuse(ErrorCode code) => base.MayRefuse(code) || code is ErrorCode.InvalidValue or ErrorCode.DeadLetterInvalid;

    public override string ToString() => $"subscribe {_topic}/{_name}: {_wanted.Kind ?? "all"} to {_wanted.Queue}, or {_wanted.DeadLetter}";

    protected override async Task Call(MessageBroker broker) => _answer = await broker.Subscriptions.PutAsync(FanOutWorld.SubscriptionOf(_topic, _name), _wanted.Definition, default, CancellationToken.None);

    protected override Action<FanOutModel> Decide() => model =>
    {
        Dictionary<string, ModelSubscription> there = model.Topics[_topic].Subscriptions;
        there[_name] = there.TryGetValue(_name, out ModelSubscription? before) ? _wanted with { IsPaused = before.IsPaused, Gathers = before.Gathers, Gathered = before.Gathered } : _wanted with { Gathered = [] };
    };

    protected override void JudgeAnswer()
    {
    }
}

/// <summary>Pauses a subscription, or resumes it: what it has gathered goes on later.</summary>
internal sealed class PauseCall(FanOutWorld world, string topic, string name, bool isPaused) : SequencedCall(world)
{
    private Result<SubscriptionDescription> _answer;

    protected override BrokerError? Error => _answer.Error;

    protected override bool MayDoNothing => true;

    public override string ToString() => $"{(isPaused ? "pause" : "resume")} {topic}/{name}";

    protected override async Task Call(MessageBroker broker) => _answer = await broker.Subscriptions.PauseAsync(FanOutWorld.SubscriptionOf(topic, name), isPaused, CancellationToken.None);

    protected override Action<FanOutModel> Decide() => model =>
    {
        Dictionary<string, ModelSubscription> there = model.Topics[topic].Subscriptions;
        there[name] = there[name] with { IsPaused = isPaused, Gathers = isPaused || there[name].Gathers };
    };

    protected override void JudgeAnswer()
    {
    }
}

/// <summary>Ends a subscription.</summary>
internal sealed class UnsubscribeCall(FanOutWorld world, string topic, string name) : SequencedCall(world)
{
    private Result<bool> _answer;

    protected override BrokerError? Error => _answer.Error;

    public override string ToString() => $"unsubscribe {topic}/{name}";

    protected override async Task Call(MessageBroker broker) => _answer = await broker.Subscriptions.DeleteAsync(FanOutWorld.SubscriptionOf(topic, name), default, CancellationToken.None);

    protected override Action<FanOutModel> Decide() => model => model.Topics[topic].Subscriptions.Remove(name);

    protected override void JudgeAnswer()
    {
    }
}
