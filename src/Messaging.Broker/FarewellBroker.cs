using System.Threading.Channels;
using Messaging.Broker.Catalog;
using Messaging.Broker.Deliveries;
using Messaging.Broker.Documents;
using Messaging.Broker.Envelopes;
using Messaging.Broker.Farewells;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker;

/// <summary>
/// Subscriptions that their receivers end by a link: whoever did that by mistake is told how to have it back, as by Amazon SNS. What was ended is kept for as long as the token of that is good, two days. The telling is a
/// courtesy, which a stop or more than <see cref="SubscriptionLimits.FarewellsMax"/> of them at once may cost; the end and what brings it back are durable. Owned by the <see cref="MessageBroker"/>; safe for concurrent calls;
/// one loop asks for what is to be told.
/// </summary>
public sealed class FarewellBroker
{
    // In the place of a message's stream: no message has an id of such a place.
    private const long NoStream = long.MinValue;

    private static readonly BrokerError WrongToken = new(ErrorCode.InvalidValue, "This is no token of a subscription that has ended, or it is too old.", "token");

    private readonly TopicHost _host;
    private readonly SubscriptionBroker _subscriptions;
    private readonly DocumentBroker _documents;
    private readonly TopicSigner _signer;
    private readonly EnvelopeOptions _options;
    private readonly Channel<Farewell> _farewells = Channel.CreateBounded<Farewell>(new BoundedChannelOptions(SubscriptionLimits.FarewellsMax) { FullMode = BoundedChannelFullMode.DropWrite });

    internal FarewellBroker(TopicHost host, SubscriptionBroker subscriptions, DocumentBroker documents, TopicSigner signer, EnvelopeOptions options) =>
        (_host, _subscriptions, _documents, _signer, _options) = (host, subscriptions, documents, signer, options);

    /// <summary>The next one that is to be told.</summary>
    public ValueTask<Farewell> NextAsync(CancellationToken cancellationToken) => _farewells.Reader.ReadAsync(cancellationToken);

    /// <summary>Deletes the subscription, as <see cref="SubscriptionBroker.DeleteAsync"/> does; of an endpoint or a mailbox that had agreed to it, so that it can be brought back.</summary>
    public async ValueTask<Result<bool>> EndAsync(SubscriptionDescription subscription, CancellationToken cancellationToken)
    {
        Farewell? farewell = subscription is { Pending: false, Definition.Target.AsksFirst: true } ? await KeepAsync(subscription, cancellationToken) : null;
        Result<bool> deleted = await _subscriptions.DeleteAsync(subscription.Key, default, cancellationToken);
        if (deleted.IsOk && farewell is not null) _farewells.Writer.TryWrite(farewell);
        return deleted;
    }

    /// <summary>
    /// Brings back the subscription of the topic that the token was told for: with a new id, and with what is published from then on. <see cref="ErrorCode.InvalidValue"/> of the field token for what is none, and
    /// <see cref="ErrorCode.PreconditionFailed"/> or <see cref="ErrorCode.TargetInUse"/> where another one has its name or its target by now.
    /// </summary>
    public async ValueTask<Result<SubscriptionDescription>> RestoreAsync(TopicKey topic, string token, CancellationToken cancellationToken)
    {
        if (!ConfirmationToken.TryRead(token, out long number, out long endedMs, out UInt128 mac)) return WrongToken;
        DocumentKey key = EndedSubscription.KeyOf(topic, number);
        Result<string?> kept = await _documents.GetAsync(key, cancellationToken);
        if (!kept.IsOk) return kept.Error;
        if (kept.Value is null || !EndedSubscription.TryDecode(kept.Value, out EndedSubscription? ended) || ended.Record.Key.Topic != topic) return WrongToken;
        SubscriptionDefinition was = ended.Record.Definition;
        if (!ConfirmationToken.IsGood(_host.Shared.Keys, number, was.Target, endedMs, mac, _host.Clock.NowMs())) return WrongToken;
        Result<SubscriptionDescription> restored = await RestoreAsync(ended.Record.Key, was with { StartAt = SubscriptionStart.Now }, cancellationToken);
        if (restored.IsOk) await _documents.ChangeAsync(key, static _ => (string?)null, cancellationToken);
        return restored;
    }

    // Vouched for until it has agreed, so that it is not asked; who has the token has agreed.
    private async ValueTask<Result<SubscriptionDescription>> RestoreAsync(SubscriptionKey key, SubscriptionDefinition was, CancellationToken cancellationToken)
    {
        Result<PutSubscriptionResult> put = await _subscriptions.PutAsync(key, was with { Confirmed = true }, new Precondition { MustNotExist = true }, cancellationToken);
        if (!put.IsOk) return put.Error;
        _host.Shared.Keys.TryLocateSubscription(put.Value.Subscription.Id, out long number);
        string token = ConfirmationToken.Make(_host.Shared.Keys, number, was.Target, _host.Clock.NowMs());
        Result<SubscriptionDescription> confirmed = await _subscriptions.ConfirmAsync(key.Topic, key.Name, token, cancellationToken);
        if (!confirmed.IsOk || was.Confirmed) return confirmed;
        Result<PutSubscriptionResult> patched = await _subscriptions.PatchAsync(key, static definition => definition with { Confirmed = false }, new Precondition { MustExist = true }, cancellationToken);
        return patched.IsOk ? patched.Value.Subscription : patched.Error;
    }

    // Null where it can't be kept: then there is no way back to be told.
    private async ValueTask<Farewell?> KeepAsync(SubscriptionDescription subscription, CancellationToken cancellationToken)
    {
        TopicKey key = subscription.Key.Topic;
        long now = _host.Clock.NowMs();
        await SweepAsync(key, now, cancellationToken);
        if (!_host.Shared.Keys.TryLocateSubscription(subscription.Id, out long number) || !_host.Topics.TryGet(key, out LiveTopic? topic)) return null;
        var record = new SubscriptionRecord(
            subscription.Key, subscription.Definition, number, subscription.Version, subscription.CreatedAt.ToUnixTimeMilliseconds(), subscription.ModifiedAt.ToUnixTimeMilliseconds());
        string text = new EndedSubscription(now, record).Encode();
        Result<string?> kept = await _documents.ChangeAsync(EndedSubscription.KeyOf(key, number), _ => text, cancellationToken);
        if (!kept.IsOk) return null;
        var names = new PushNames(number, topic, _host.Shared.Keys, _options);
        string token = ConfirmationToken.Make(_host.Shared.Keys, number, subscription.Definition.Target, now);
        var document = new ConfirmationDocument
        {
            Kind = ConfirmationKind.Unsubscribe,
            Id = _host.Shared.Keys.Identify(new MessagePlace(NoStream + number, now)),
            TopicArn = names.TopicArn,
            SubscriptionArn = names.SubscriptionArn,
            Token = token,
            SubscribeUrl = names.ConfirmationUrl(token),
            AskedAtMs = now,
        };
        var message = new PushMessage(PushMessage.NoOffset, () => _signer.Sign(document, topic)) { Id = document.Id, Attempt = 1, LeasedUntilMs = long.MaxValue, Names = names, Confirmation = document };
        return new Farewell(DeliveryTerms.Of(subscription.Definition, topic.Definition), message);
    }

    // Some of what nobody can bring back any more: what is kept is bounded by what ends within two days.
    private async ValueTask SweepAsync(TopicKey topic, long now, CancellationToken cancellationToken)
    {
        DocumentKey all = EndedSubscription.KeysOf(topic);
        Result<DocumentPage> page = await _documents.ListAsync(all, SubscriptionLimits.FarewellsSweptMax, null, cancellationToken);
        if (!page.IsOk) return;
        foreach (Document one in page.Value.Documents)
        {
            if (!EndedSubscription.TryDecode(one.Text, out EndedSubscription? ended) || ended.IsOver(now)) await _documents.ChangeAsync(all with { Name = one.Name }, static _ => (string?)null, cancellationToken);
        }
    }
}
