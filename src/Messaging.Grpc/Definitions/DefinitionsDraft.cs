using Grpc.Core;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Grpc.Queues;
using Messaging.Grpc.Subscriptions;
using Messaging.Grpc.Topics;

namespace Messaging.Grpc.Definitions;

/// <summary>
/// A document of definitions as far as it could be read, and all that is wrong with it, whoever found it. Owned by one call; not thread-safe.
/// </summary>
internal sealed class DefinitionsDraft(Call call)
{
    private readonly List<DefinitionError> _errors = [];
    private readonly NamespaceName _space = call.Space;

    /// <summary>Applies it, or only looks where something is wrong with it already: so that the broker's refusals stand with the front's in one list, which is thrown.</summary>
    public async ValueTask<AppliedDefinitions> ApplyAsync(V1.DefinitionsDocument wire, Precondition precondition, bool dryRun)
    {
        DefinitionsDocument document = Read(wire);
        AppliedDefinitions applied = (await call.Broker.Definitions.ApplyAsync(document, precondition, dryRun || _errors.Count > 0, CancellationToken.None)).OrRefuse();
        foreach (EntryRefusal refusal in applied.Refusals)
            _errors.Add(DefinitionError.Of(refusal.Kind, refusal.Entry, refusal.Error));
        return _errors.Count == 0 ? applied : throw Failure([.. _errors.OrderBy(static error => error.Kind).ThenBy(static error => error.Entry)]);
    }

    private static RpcException Failure(DefinitionError[] errors)
    {
        var failure = new V1.DefinitionsFailure { Errors = { Refusal.Fitting(errors.Select(static error => error.Error)) }, ErrorCount = errors.Length };
        DefinitionError first = errors[0];
        return Refusal.Of(first.Status, first.Error.Code, first.Error.Detail, first.Error.Field, first.RetryAfterSeconds, failure);
    }

    private DefinitionsDocument Read(V1.DefinitionsDocument wire)
    {
        int count = 0;
        Bound(ResourceKind.Queue, count += wire.Queues.Count);
        Bound(ResourceKind.Topic, count += wire.Topics.Count);
        Bound(ResourceKind.Subscription, count + wire.Subscriptions.Count);
        return new DefinitionsDocument
        {
            Queues = [.. wire.Queues.Select(Read)],
            Topics = [.. wire.Topics.Select(Read)],
            Subscriptions = [.. wire.Subscriptions.Select(Read)],
        };
    }

    private static void Bound(ResourceKind kind, int count)
    {
        if (count > CatalogLimits.DefinitionsMax)
            throw Refusal.Of(new BrokerError(ErrorCode.DefinitionsTooLarge, $"A document has at most {CatalogLimits.DefinitionsMax} definitions.", DefinitionError.ListOf(kind)));
    }

    private QueueDefinitionEntry Read(V1.QueueEntry wire, int entry)
    {
        var reading = new Reading(this, ResourceKind.Queue, entry);
        NamespaceName space = reading.Namespace(wire.Namespace);
        QueueName name = reading.Name<QueueName>("queue", wire.Name, QueueName.TryParse);
        QueueDefinition? definition = reading.Try(() => QueueDefinitions.Read(wire.Definition));
        return new QueueDefinitionEntry(new QueueKey(call.Account, space, name), reading.IsSound ? definition : null);
    }

    private TopicDefinitionEntry Read(V1.TopicEntry wire, int entry)
    {
        var reading = new Reading(this, ResourceKind.Topic, entry);
        NamespaceName space = reading.Namespace(wire.Namespace);
        TopicName name = reading.Name<TopicName>("topic", wire.Name, TopicName.TryParse);
        TopicDefinition? definition = reading.Try(() => TopicDefinitions.Read(wire.Definition));
        return new TopicDefinitionEntry(new TopicKey(call.Account, space, name), reading.IsSound ? definition : null);
    }

    private SubscriptionDefinitionEntry Read(V1.SubscriptionEntry wire, int entry)
    {
        var reading = new Reading(this, ResourceKind.Subscription, entry);
        NamespaceName space = reading.Namespace(wire.Namespace);
        TopicName topic = reading.Name<TopicName>("topic", wire.Topic, TopicName.TryParse, "topic");
        SubscriptionName name = reading.Name<SubscriptionName>("subscription", wire.Name, SubscriptionName.TryParse);
        SubscriptionDefinition? definition = reading.Try(() => SubscriptionDefinitions.Read(wire.Definition));
        return new SubscriptionDefinitionEntry(new SubscriptionKey(new TopicKey(call.Account, space, topic), name), reading.IsSound ? definition : null);
    }

    private delegate bool NameParser<TName>(string text, out TName name);

    /// <summary>One entry while it is read: what is wrong with one part of it does not end the reading of the others.</summary>
    private readonly struct Reading(DefinitionsDraft draft, ResourceKind kind, int entry)
    {
        private readonly int _before = draft._errors.Count;

        /// <summary>Nothing is wrong with it so far.</summary>
        public bool IsSound => draft._errors.Count == _before;

        public NamespaceName Namespace(string text) => text.Length == 0 ? draft._space : Name<NamespaceName>("namespace", text, NamespaceName.TryParse, "namespace");

        public TName Name<TName>(string what, string text, NameParser<TName> parse, string field = "name")
        {
            if (!parse(text, out TName name))
                draft._errors.Add(DefinitionError.Of(kind, entry, Names.NotA(what, field)));
            return name;
        }

        public TDefinition? Try<TDefinition>(Func<TDefinition> read)
            where TDefinition : class
        {
            try
            {
                return read();
            }
            catch (RpcException refused)
            {
                draft._errors.Add(DefinitionError.Of(kind, entry, refused));
                return null;
            }
        }
    }
}
