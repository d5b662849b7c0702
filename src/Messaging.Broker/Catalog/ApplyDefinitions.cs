using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Makes queues, topics and subscriptions as a document says: all of it in one frame, or nothing. What it does not name stays as it is, and so does what is as it
/// says, with its version. Cancellation counts until the command is sequenced. With a truth beside the log the change goes to the <paramref name="writer"/>.
/// </summary>
/// <remarks>
/// It is judged inside the sequencer, first only to look: who changes nothing, or must not, needs neither room in the journal, which a full disk would refuse, nor Postgres.
/// 10,000 entries hold the sequencer for 2 ms where nothing changes, for 11 ms where all change and 31 ms where all are created: the least of several runs on two
/// cores that had other work. Reading, copying and measuring them, 7 ms, is done before.
/// </remarks>
internal sealed class ApplyDefinitions(
    QueueHost host, LocalCatalog catalog, CatalogJournal journal, TopicJournal topicJournal, SubscriptionJournal subscriptionJournal, CatalogWriter? writer)
{
    public async ValueTask<Result<AppliedDefinitions>> RunAsync(
        DefinitionsDocument document, Precondition precondition, bool dryRun, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if ((host.WhyStopping() ?? WhyTooMany(document.Count)) is { } refusal) return refusal;
        Invariant.Check(
            dryRun || (document.Queues.All(entry => entry.Definition is not null) && document.Topics.All(entry => entry.Definition is not null)
                && document.Subscriptions.All(entry => entry.Definition is not null)),
            "What could not be read is not applied.");
        var proposed = new ProposedDefinitions(document);
        if (WhyTooLarge(proposed.Bytes) is { } tooLarge) return tooLarge;
        Result<AppliedDefinitions> looked = Look(proposed, precondition, dryRun, out bool hasWork);
        if (!hasWork)
        {
            await host.Engine.SyncedAsync();
            return looked;
        }

        if (writer is not null) return await WriteAsync(writer, proposed, precondition, cancellationToken);
        while (true)
        {
            long bytes = proposed.BytesWith(catalog.Topics.Topics);
            if (WhyTooLarge(bytes) is { } tooMuch) return tooMuch;
            using Admission admission = await host.Engine.AdmitRecordsAsync((int)bytes, cancellationToken);
            if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
            await Sequence(proposed, precondition, (int)bytes, out Result<AppliedDefinitions>? result);
            if (result is { } done) return done;
        }
    }

    private Result<AppliedDefinitions> Look(ProposedDefinitions proposed, Precondition precondition, bool dryRun, out bool hasWork)
    {
        using Command command = host.Engine.BeginCommand(0);
        Result<DefinitionsPlan> judged = Judge(proposed, precondition);
        hasWork = !dryRun && judged.IsOk && judged.Value.HasWork;
        return judged.IsOk ? judged.Value.ToAnswer(isApplied: !dryRun, catalog.Version) : judged.Error;
    }

    // Null where topics have grown since it was measured.
    private ValueTask Sequence(ProposedDefinitions proposed, Precondition precondition, int bytes, out Result<AppliedDefinitions>? result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            result = default(Result<AppliedDefinitions>?);
            if (proposed.BytesWith(catalog.Topics.Topics) <= bytes) result = Apply(command, proposed, precondition);
            synced = command.Commit();
        }

        return synced;
    }

    private Result<AppliedDefinitions> Apply(in Command command, ProposedDefinitions proposed, Precondition precondition)
    {
        Result<DefinitionsPlan> judged = Judge(proposed, precondition);
        if (judged.IsOk && judged.Value.HasWork) Put(command, judged.Value);
        return judged.IsOk ? judged.Value.ToAnswer(isApplied: true, catalog.Version) : judged.Error;
    }

    // Alone in its transaction: whether it may be made depends on the version of all definitions.
    private async ValueTask<Result<AppliedDefinitions>> WriteAsync(
        CatalogWriter writer, ProposedDefinitions proposed, Precondition precondition, CancellationToken cancellationToken)
    {
        AppliedDefinitions? applied = null;
        var change = new CatalogChange(proposed.Keys, Decide) { IsAlone = true };
        Result<ChangedDefinition[]> done = await writer.ChangeAsync(change, cancellationToken);
        if (!done.IsOk) return done.Error;
        // That others have made it so meanwhile may not be synced yet.
        if (applied!.Changes.Count == 0 || !applied.IsApplied) await host.Engine.SyncedAsync();
        return applied;

        BrokerError? Decide(CatalogDraft draft)
        {
            Result<DefinitionsPlan> judged = Judge(proposed, precondition);
            if (!judged.IsOk) return judged.Error;
            if (judged.Value.HasWork) Put(draft, judged.Value);
            applied = judged.Value.ToAnswer(isApplied: true, draft.Rows.Count == 0 ? catalog.Version : draft.Rows[^1].Version);
            return null;
        }
    }

    private Result<DefinitionsPlan> Judge(ProposedDefinitions proposed, Precondition precondition)
    {
        if (precondition.Check(catalog.Version) is null) return proposed.Judge(host.Queues, catalog.Count, catalog.Topics.Topics, catalog.Subscriptions.Subscriptions);
        return new BrokerError(
            ErrorCode.PreconditionFailed, precondition.MustNotExist ? "The document of definitions is always there." : "The definitions were changed since.");
    }

    private void Put(in Command command, DefinitionsPlan plan)
    {
        long now = host.Clock.NowMs();
        foreach (DefinitionChange change in plan.Changes)
        {
            if (change is DefinitionChange.OfQueue queue) journal.Put(command, Find(queue.Queue), queue.Queue, queue.After, now);
            else if (change is DefinitionChange.OfTopic topic) topicJournal.Put(command, Find(topic.Topic), topic.Topic, topic.After, now);
            else if (change is DefinitionChange.OfSubscription subscription) subscriptionJournal.Put(command, Find(subscription.Subscription), subscription.Subscription, subscription.After, now);
        }
    }

    private void Put(CatalogDraft draft, DefinitionsPlan plan)
    {
        foreach (DefinitionChange change in plan.Changes)
        {
            if (change is DefinitionChange.OfQueue queue) draft.Put(queue.Queue, Find(queue.Queue), queue.After);
            else if (change is DefinitionChange.OfTopic topic) draft.Put(topic.Topic, Find(topic.Topic), topic.After);
            else if (change is DefinitionChange.OfSubscription subscription) draft.Put(subscription.Subscription, Find(subscription.Subscription), subscription.After);
        }
    }

    private LiveQueue? Find(in QueueKey key) => host.Queues.TryGet(key, out LiveQueue? queue) ? queue : null;

    private LiveTopic? Find(in TopicKey key) => catalog.Topics.Topics.TryGet(key, out LiveTopic? topic) ? topic : null;

    private LiveSubscription? Find(in SubscriptionKey key) => catalog.Subscriptions.Subscriptions.TryGet(key, out LiveSubscription? subscription) ? subscription : null;

    private static BrokerError? WhyTooMany(int entries) => entries <= CatalogLimits.DefinitionsMax
        ? null
        : new BrokerError(ErrorCode.DefinitionsTooLarge, $"A document has at most {CatalogLimits.DefinitionsMax} definitions, not {entries}.");

    private BrokerError? WhyTooLarge(long bytes)
    {
        int max = writer is null ? host.Engine.CommandBytesMax : CatalogPlan.ChangeBytesMax(host.Engine);
        return bytes <= max
            ? null
            : new BrokerError(ErrorCode.DefinitionsTooLarge, $"The definitions take {bytes} bytes in the journal, and one change may take {max} by the size of a journal file.");
    }
}
