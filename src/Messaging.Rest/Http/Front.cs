using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Http;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Http;

/// <summary>
/// What every operation starts from: the broker once it is there, the clock, the bounds on buffered bodies and answers, and the checks that all calls
/// share. One for the process, thread-safe; no session of a client lives here. Hot path.
/// </summary>
internal sealed class Front(BrokerGate gate, BufferBudgets budgets, TimeProvider clock)
{
    public static readonly Problem Starting = Problem.Of(FrontCode.Starting, "The server recovers its data and will serve in a moment.");

    public TimeProvider Clock { get; } = clock;

    public BufferBudgets Budgets => budgets;

    public BufferBudget Budget => budgets.Bodies;

    public BufferBudget AnswerBudget => budgets.Answers;

    /// <summary>Opens a call on the namespace. <paramref name="takesPreconditions"/>: the operation looks at <see cref="Preconditions"/>; <paramref name="takesIdempotencyKey"/>: at <see cref="Idempotency"/>.</summary>
    public Problem? Open(HttpContext context, out MessageBroker broker, out NamespaceName space, bool takesPreconditions = false, bool takesIdempotencyKey = false)
    {
        space = NamespaceName.Default;
        broker = gate.Broker!;
        if (broker is null)
            return Starting;
        return RequestHeaders.RefuseLater(context.Request, takesPreconditions, takesIdempotencyKey) ?? RequestHeaders.ReadNamespace(context.Request.Headers, out space);
    }

    /// <summary>Opens a call that changes the definition of the queue that the path names, with what its headers ask of that.</summary>
    public Problem? OpenChange(HttpContext context, out MessageBroker broker, out QueueKey queue, out Precondition precondition)
    {
        precondition = default;
        return OpenQueue(context, out broker, out queue, takesPreconditions: true)
            ?? QueryFields.Check(context.Request)
            ?? Preconditions.Read(context.Request.Headers, out precondition);
    }

    /// <summary>Opens a call that changes the definition of the topic that the path names, with what its headers ask of that.</summary>
    public Problem? OpenChange(HttpContext context, out TopicBroker topics, out TopicKey topic, out Precondition precondition)
    {
        precondition = default;
        return OpenTopic(context, out topics, out topic, takesPreconditions: true)
            ?? QueryFields.Check(context.Request)
            ?? Preconditions.Read(context.Request.Headers, out precondition);
    }

    /// <summary>Opens a call that changes the definition of the subscription that the path names, with what its headers ask of that.</summary>
    public Problem? OpenChange(HttpContext context, out SubscriptionBroker subscriptions, out SubscriptionKey subscription, out Precondition precondition)
    {
        precondition = default;
        return OpenSubscription(context, out subscriptions, out subscription, takesPreconditions: true)
            ?? QueryFields.Check(context.Request)
            ?? Preconditions.Read(context.Request.Headers, out precondition);
    }

    /// <summary>Opens a call on the queue that the path names, which is done once for each idempotency key.</summary>
    public Problem? OpenQueue(HttpContext context, out MessageBroker broker, out QueueKey queue, out IdempotencyKey? key)
    {
        key = null;
        return OpenQueue(context, out broker, out queue, takesIdempotencyKey: true) ?? Idempotency.Read(context.Request.Headers, out key);
    }

    /// <summary>Opens a call on the queue that the path names.</summary>
    public Problem? OpenQueue(
        HttpContext context, out MessageBroker broker, out QueueKey queue, bool takesPreconditions = false, bool takesIdempotencyKey = false)
    {
        queue = default;
        if (Open(context, out broker, out NamespaceName space, takesPreconditions, takesIdempotencyKey) is { } refused)
            return refused;
        if (ResourcePath.Queue.ReadText(context, out string text) is { } problem)
            return problem;
        if (!QueueName.TryParse(text, out QueueName name))
            return ResourcePath.Queue.NotLegal;
        queue = new QueueKey(CallAccount.Of(context), space, name);
        return null;
    }

    /// <summary>Opens a call on the topic that the path names, which is done once for each idempotency key.</summary>
    public Problem? OpenTopic(HttpContext context, out TopicBroker topics, out TopicKey topic, out IdempotencyKey? key)
    {
        key = null;
        return OpenTopic(context, out topics, out topic, takesIdempotencyKey: true) ?? Idempotency.Read(context.Request.Headers, out key);
    }

    /// <summary>Opens a call on the partition that the path names.</summary>
    public Problem? OpenPartition(HttpContext context, out TopicBroker topics, out TopicKey topic, out int partition)
    {
        partition = 0;
        return OpenTopic(context, out topics, out topic) ?? PartitionPath.Read(context, out partition);
    }

    /// <summary>Opens a call on the topic that the path names.</summary>
    public Problem? OpenTopic(
        HttpContext context, out TopicBroker topics, out TopicKey topic, bool takesPreconditions = false, bool takesIdempotencyKey = false)
    {
        Problem? refused = OpenTopic(context, takesPreconditions, takesIdempotencyKey, out MessageBroker broker, out topic);
        topics = broker?.Topics!;
        return refused;
    }

    /// <summary>Opens a call on all subscriptions of the topic that the path names.</summary>
    public Problem? OpenSubscriptions(HttpContext context, out SubscriptionBroker subscriptions, out TopicKey topic)
    {
        Problem? refused = OpenTopic(context, takesPreconditions: false, takesIdempotencyKey: false, out MessageBroker broker, out topic);
        subscriptions = broker?.Subscriptions!;
        return refused;
    }

    /// <summary>Opens a call on the subscription that the path names.</summary>
    public Problem? OpenSubscription(HttpContext context, out SubscriptionBroker subscriptions, out SubscriptionKey subscription, bool takesPreconditions = false)
    {
        Problem? refused = OpenSubscription(context, takesPreconditions, out MessageBroker broker, out subscription);
        subscriptions = broker?.Subscriptions!;
        return refused;
    }

    /// <summary>Opens a call on what is pushed to the subscription that the path names.</summary>
    public Problem? OpenDeliveries(HttpContext context, out DeliveryBroker deliveries, out SubscriptionKey subscription)
    {
        Problem? refused = OpenSubscription(context, takesPreconditions: false, out MessageBroker broker, out subscription);
        deliveries = broker?.Deliveries!;
        return refused;
    }

    private Problem? OpenSubscription(HttpContext context, bool takesPreconditions, out MessageBroker broker, out SubscriptionKey subscription)
    {
        subscription = default;
        Problem? refused = OpenTopic(context, takesPreconditions, takesIdempotencyKey: false, out broker, out TopicKey topic);
        if (refused is not null)
            return refused;
        if (ResourcePath.Subscription.ReadText(context, out string text) is { } problem)
            return problem;
        if (!SubscriptionName.TryParse(text, out SubscriptionName name))
            return ResourcePath.Subscription.NotLegal;
        subscription = new SubscriptionKey(topic, name);
        return null;
    }

    /// <summary>Opens a call on the consumer group that the path names.</summary>
    public Problem? OpenGroup(HttpContext context, out GroupBroker groups, out GroupKey group)
    {
        (groups, group) = (null!, default);
        if (Open(context, out MessageBroker broker, out NamespaceName space) is { } refused)
            return refused;
        groups = broker.Groups;
        if (ResourcePath.Group.ReadText(context, out string text) is { } problem)
            return problem;
        if (!GroupName.TryParse(text, out GroupName name))
            return ResourcePath.Group.NotLegal;
        group = new GroupKey(CallAccount.Of(context), space, name);
        return null;
    }

    private Problem? OpenTopic(HttpContext context, bool takesPreconditions, bool takesIdempotencyKey, out MessageBroker broker, out TopicKey topic)
    {
        topic = default;
        if (Open(context, out broker, out NamespaceName space, takesPreconditions, takesIdempotencyKey) is { } refused)
            return refused;
        if (ResourcePath.Topic.ReadText(context, out string text) is { } problem)
            return problem;
        if (!TopicName.TryParse(text, out TopicName name))
            return ResourcePath.Topic.NotLegal;
        topic = new TopicKey(CallAccount.Of(context), space, name);
        return null;
    }
}
