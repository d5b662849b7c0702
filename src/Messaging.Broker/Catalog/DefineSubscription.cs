using Messaging.Broker.Copies;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Creates a subscription, replaces its definition or changes some fields of it. Cancellation counts until the command is sequenced. With a truth beside the log the change goes to the
/// <paramref name="writer"/>.
/// </summary>
internal sealed class DefineSubscription(TopicHost host, LocalCatalog catalog, SubscriptionJournal journal, SigningKey signingKey, CatalogWriter? writer)
{
    public async ValueTask<Result<PutSubscriptionResult>> PutAsync(
        SubscriptionKey key, SubscriptionDefinition definition, Precondition precondition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Shared.WhyStopping() ?? definition.Validate();
        if (refusal is not null) return refusal;
        if (key.Name.Value.Length == 0) return new BrokerError(ErrorCode.InvalidName, "A subscription has a name.", "subscription");
        SubscriptionDefinition own = Own(definition);
        return await RunAsync(new SubscriptionChange(key, _ => own, precondition), cancellationToken);
    }

    public async ValueTask<Result<PutSubscriptionResult>> PatchAsync(
        SubscriptionKey key, SubscriptionPatch patch, Precondition precondition, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.Shared.WhyStopping();
        if (refusal is not null) return refusal;
        return await RunAsync(new SubscriptionChange(key, subscription => Patched(key, subscription, patch), precondition), cancellationToken);
    }

    /// <summary>A copy of it: the caller may change its tags and annotations afterwards.</summary>
    public static SubscriptionDefinition Own(SubscriptionDefinition definition) =>
        definition with { Tags = DefinitionTexts.Own(definition.Tags), Annotations = DefinitionTexts.Own(definition.Annotations) };

    private Result<SubscriptionDefinition> Patched(SubscriptionKey key, LiveSubscription? subscription, SubscriptionPatch patch)
    {
        if (subscription is null) return SubscriptionChange.NotFound(host.Topics, key);
        SubscriptionDefinition definition = patch(subscription.Definition);
        return definition.Validate() is { } refusal ? refusal : definition;
    }

    private async ValueTask<Result<PutSubscriptionResult>> RunAsync(SubscriptionChange change, CancellationToken cancellationToken)
    {
        Result<PutSubscriptionResult> result = await ChangeAsync(change, cancellationToken);
        if (catalog.Subscriptions.HasEnveloped) await signingKey.EnsureAsync();
        if (catalog.Copies.Count > 0) host.Shared.Aside.Signal();
        return result;
    }

    private async ValueTask<Result<PutSubscriptionResult>> ChangeAsync(SubscriptionChange change, CancellationToken cancellationToken)
    {
        if (writer is null)
        {
            return await MeasuredCommand.RunAsync(
                host.Shared, frees: false, () => Measure(change), (in Command command, int bytes) => Put(command, change, bytes), cancellationToken);
        }

        Result<ChangedDefinition[]> done = await writer.ChangeAsync(CatalogChange.Of(change), cancellationToken);
        return done.IsOk ? done.Value[0].Subscription! : done.Error;
    }

    // What the change comes to as things are. A refusal appends nothing.
    private int Measure(SubscriptionChange change)
    {
        using Command command = host.Engine.BeginCommand(0);
        Result<SubscriptionDefinition> defined = Decide(change, out _);
        return defined.IsOk ? BytesMax(change.Key, defined.Value) : 0;
    }

    private int BytesMax(SubscriptionKey key, SubscriptionDefinition definition) =>
        SubscriptionJournal.PutBytesMax(key, definition) + CopyJournal.BeginBytesMax(host.Topics, key.Topic, definition);

    private Result<SubscriptionDefinition> Decide(SubscriptionChange change, out LiveSubscription? subscription) =>
        change.Decide(host.Shared.Queues, host.Topics, catalog.Subscriptions.Subscriptions, coming: 0, out subscription);

    private Result<PutSubscriptionResult>? Put(in Command command, SubscriptionChange change, int bytes)
    {
        Result<SubscriptionDefinition> defined = Decide(change, out LiveSubscription? subscription);
        if (!defined.IsOk) return defined.Error;
        if (BytesMax(change.Key, defined.Value) > bytes) return null;
        LiveSubscription put = journal.Put(command, subscription, change.Key, defined.Value, host.Clock.NowMs());
        return new PutSubscriptionResult(GetSubscription.Describe(host.Keys, put), Created: subscription is null);
    }
}
