using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker;

/// <summary>
/// What a front may call on the subscriptions of topics. Owned by the <see cref="MessageBroker"/>; safe for concurrent calls. Refusals are values, faults of the disk are exceptions of Storage.
/// Cancellation counts until a command is sequenced; from then on the write ends, whoever waits. A topic that is not there is <see cref="ErrorCode.TopicNotFound"/>, a subscription
/// <see cref="ErrorCode.SubscriptionNotFound"/>.
/// </summary>
public sealed class SubscriptionBroker
{
    private readonly DefineSubscription _defineSubscription;
    private readonly GetSubscription _getSubscription;
    private readonly ListSubscriptions _listSubscriptions;
    private readonly FindSubscriptions _findSubscriptions;
    private readonly DeleteSubscription _deleteSubscription;
    private readonly PauseSubscription _pauseSubscription;
    private readonly ConfirmSubscription _confirmSubscription;
    private readonly ReplaySubscription _replaySubscription;

    internal SubscriptionBroker(TopicHost host, LocalCatalog catalog, SubscriptionJournal journal, SigningKey signingKey, CatalogWriter? writer)
    {
        SubscriptionDirectory subscriptions = catalog.Subscriptions.Subscriptions;
        _defineSubscription = new DefineSubscription(host, catalog, journal, signingKey, writer);
        _getSubscription = new GetSubscription(host, subscriptions);
        _listSubscriptions = new ListSubscriptions(host, subscriptions);
        _findSubscriptions = new FindSubscriptions(host, catalog);
        _deleteSubscription = new DeleteSubscription(host, catalog, journal, writer);
        _pauseSubscription = new PauseSubscription(host, subscriptions, journal);
        _confirmSubscription = new ConfirmSubscription(host, subscriptions, journal);
        _replaySubscription = new ReplaySubscription(host, subscriptions, journal);
    }

    /// <summary>
    /// Creates the subscription or replaces its definition, where <paramref name="precondition"/> holds. A queue that it begins to name must be there (<see cref="ErrorCode.QueueNotFound"/>, with the
    /// field), and be no other subscription's target (<see cref="ErrorCode.TargetInUse"/>); where it began can't change (<see cref="ErrorCode.Immutable"/>).
    /// </summary>
    public ValueTask<Result<PutSubscriptionResult>> PutAsync(
        SubscriptionKey key, SubscriptionDefinition definition, Precondition precondition, CancellationToken cancellationToken) =>
        _defineSubscription.PutAsync(key, definition, precondition, cancellationToken);

    /// <summary>Changes some fields of the subscription's definition, where <paramref name="precondition"/> holds.</summary>
    public ValueTask<Result<PutSubscriptionResult>> PatchAsync(
        SubscriptionKey key, SubscriptionPatch patch, Precondition precondition, CancellationToken cancellationToken) =>
        _defineSubscription.PatchAsync(key, patch, precondition, cancellationToken);

    /// <summary>The definition at one synced point.</summary>
    public ValueTask<Result<SubscriptionDescription>> GetAsync(SubscriptionKey key, CancellationToken cancellationToken) => _getSubscription.RunAsync(key, cancellationToken);

    /// <summary>The one of this id (<see cref="SubscriptionDescription.Id"/>), at one synced point.</summary>
    public ValueTask<Result<SubscriptionDescription>> FindAsync(Guid id, CancellationToken cancellationToken) => _findSubscriptions.ByIdAsync(id, cancellationToken);

    /// <summary>The topic's subscription that has this target, whatever its name is, at one synced point.</summary>
    public ValueTask<Result<SubscriptionDescription>> FindAsync(TopicKey topic, SubscriptionTarget target, CancellationToken cancellationToken) =>
        _findSubscriptions.ByTargetAsync(topic, target, cancellationToken);

    /// <summary>How many the topic has, and how many filters there are.</summary>
    public ValueTask<Result<SubscriptionCounts>> CountAsync(TopicKey topic, CancellationToken cancellationToken) => _findSubscriptions.CountAsync(topic, cancellationToken);

    /// <summary>A page of the subscriptions of all topics of the namespace, in ordinal order of topics and then of names.</summary>
    public ValueTask<Result<SubscriptionPage>> ListAllAsync(AccountId account, NamespaceName space, int pageSize, string? pageToken, CancellationToken cancellationToken) =>
        _findSubscriptions.OfNamespaceAsync(account, space, pageSize, pageToken, cancellationToken);

    /// <summary>A page of the topic's subscriptions whose names begin with <paramref name="prefix"/>, in ordinal order of names.</summary>
    public ValueTask<Result<SubscriptionPage>> ListAsync(TopicKey topic, string? prefix, int pageSize, string? pageToken, CancellationToken cancellationToken) =>
        _listSubscriptions.RunAsync(topic, prefix, pageSize, pageToken, cancellationToken);

    /// <summary>Deletes the subscription, where <paramref name="precondition"/> holds; what it has delivered stays delivered.</summary>
    public ValueTask<Result<bool>> DeleteAsync(SubscriptionKey key, Precondition precondition, CancellationToken cancellationToken) =>
        _deleteSubscription.RunAsync(key, precondition, cancellationToken);

    /// <summary>
    /// Confirms the subscription of the topic that the token was sent for, and tells how it is then; with a name only where it is that one. <see cref="ErrorCode.InvalidValue"/> of the field token for what is no token of a
    /// subscription with its target as it is, or is older than <see cref="Messaging.Broker.Subscriptions.Delivery.DeliveryLimits.ConfirmationSecondsMax"/>. Again is as good as once. No change of the definition.
    /// </summary>
    public ValueTask<Result<SubscriptionDescription>> ConfirmAsync(TopicKey topic, SubscriptionName? name, string token, CancellationToken cancellationToken) =>
        _confirmSubscription.RunAsync(topic, name, token, cancellationToken);

    /// <summary>Pauses deliveries, or lets them go on, and tells how the subscription is then. No change of the definition: its version stays.</summary>
    public ValueTask<Result<SubscriptionDescription>> PauseAsync(SubscriptionKey key, bool isPaused, CancellationToken cancellationToken) =>
        _pauseSubscription.RunAsync(key, isPaused, cancellationToken);

    /// <summary>
    /// Copies what the topic keeps to the subscription again, through its filter as it is then: from <paramref name="from"/> on, which is not <see cref="SubscriptionStart.Now"/>, and of before <paramref name="toMs"/> (ms since
    /// 1970), where that is given. Each record once, and its copies tell that they are that; what is published meanwhile is delivered beside it. Returns when that is certain to be done; how far it is, the description
    /// tells. <see cref="ErrorCode.ReplayRunning"/> while another one goes on, <see cref="ErrorCode.NothingRetained"/> where the topic has no records, <see cref="ErrorCode.InvalidValue"/> of the fields from and to.
    /// </summary>
    public ValueTask<Result<SubscriptionDescription>> ReplayAsync(SubscriptionKey key, SubscriptionStart from, long? toMs, CancellationToken cancellationToken) =>
        _replaySubscription.StartAsync(key, from, toMs, cancellationToken);

    /// <summary>Ends the replay that goes on; what is copied stays copied. What has ended is not told any more.</summary>
    public ValueTask<Result<SubscriptionDescription>> EndReplayAsync(SubscriptionKey key, CancellationToken cancellationToken) => _replaySubscription.EndAsync(key, cancellationToken);
}
