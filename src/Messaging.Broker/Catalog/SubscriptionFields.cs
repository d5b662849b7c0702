using Messaging.Broker.Filters;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Broker.Catalog;

/// <summary>A subscription definition's bytes in the catalog: what has its default is left out, so that a new field changes no old bytes.</summary>
/// <remarks>
/// Each field as its number and its value, varints and texts as in <see cref="CatalogEntryKind"/>, in any order, up to a 0:
/// <code>
/// 1 target, a queue: name | 2 filter: scope, policy | 3 raw, 0 or 1 | 4 dead-letter queue: name | 5 start: kind, ms since 1970
/// 6 tags: count, (key, value)... | 7 annotations: count, (key, value)...
/// or, as its target: 8 an endpoint: url | 9 a mailbox: address, 1 as JSON or 0 | 10 a function: url | 11 by the gateway: protocol, endpoint
/// 12 delivery policy: the JSON of Amazon SNS | 13 confirmed, 1
/// </code>
/// An unknown number is a definition of a later version, which must not be served by half.
/// </remarks>
internal static class SubscriptionFields
{
    private const int End = 0, TargetQueue = 1, Filter = 2, Raw = 3, DeadLetter = 4, Start = 5, Tags = 6, Annotations = 7, TargetEndpoint = 8, TargetMail = 9,
        TargetFunction = 10, TargetGateway = 11, Policy = 12, Confirmed = 13;

    private static readonly SubscriptionDefinition Defaults = SubscriptionDefinition.Default;

    public static void Write(ref BufferEntryWriter writer, SubscriptionDefinition definition)
    {
        WriteTarget(ref writer, definition.Target);
        if (definition.Filter is { } filter)
        {
            writer.Unsigned(Filter);
            writer.Unsigned((int)filter.Scope);
            DefinitionFields.Text(ref writer, filter.PolicyJson);
        }

        if (definition.Raw != Defaults.Raw)
        {
            writer.Unsigned(Raw);
            writer.Unsigned(definition.Raw ? 1 : 0);
        }

        if (definition.DeliveryPolicy is { } policy)
        {
            writer.Unsigned(Policy);
            DefinitionFields.Text(ref writer, DeliveryPolicyWriter.Write(policy));
        }

        if (definition.Confirmed)
        {
            writer.Unsigned(Confirmed);
            writer.Unsigned(1);
        }

        if (definition.DeadLetter is { } deadLetter)
        {
            writer.Unsigned(DeadLetter);
            DefinitionFields.Text(ref writer, deadLetter.Value);
        }

        if (definition.StartAt != Defaults.StartAt)
        {
            writer.Unsigned(Start);
            writer.Unsigned((int)definition.StartAt.Kind);
            writer.Unsigned(definition.StartAt.TimeMs);
        }

        if (definition.Tags.Count > 0) DefinitionFields.Write(ref writer, Tags, definition.Tags);
        if (definition.Annotations.Count > 0) DefinitionFields.Write(ref writer, Annotations, definition.Annotations);
        writer.Unsigned(End);
    }

    public static SubscriptionDefinition Read(ref EntryReader reader)
    {
        SubscriptionDefinition definition = Defaults;
        while (true)
        {
            int field = reader.Int32();
            if (field == End) return definition;
            definition = field switch
            {
                TargetQueue => definition with { Target = new SubscriptionTarget.OfQueue(ReadName(ref reader)) },
                Filter => definition with { Filter = new SubscriptionFilter((FilterScope)reader.Int32(), DefinitionFields.Text(ref reader)) },
                Raw => definition with { Raw = reader.Int32() != 0 },
                DeadLetter => definition with { DeadLetter = ReadName(ref reader) },
                Start => definition with { StartAt = new SubscriptionStart((SubscriptionStartKind)reader.Int32(), reader.Unsigned()) },
                Tags => definition with { Tags = DefinitionFields.ReadTexts(ref reader) },
                Annotations => definition with { Annotations = DefinitionFields.ReadTexts(ref reader) },
                TargetEndpoint => definition with { Target = new SubscriptionTarget.OfEndpoint(DefinitionFields.Text(ref reader)) },
                TargetMail => definition with { Target = new SubscriptionTarget.OfMail(DefinitionFields.Text(ref reader), reader.Int32() != 0) },
                TargetFunction => definition with { Target = new SubscriptionTarget.OfFunction(DefinitionFields.Text(ref reader)) },
                TargetGateway => definition with { Target = new SubscriptionTarget.OfGateway((GatewayProtocol)reader.Int32(), DefinitionFields.Text(ref reader)) },
                Policy => definition with { DeliveryPolicy = ReadPolicy(ref reader) },
                Confirmed => definition with { Confirmed = reader.Int32() != 0 },
                _ => throw EntryReader.Malformed(),
            };
        }
    }

    private static void WriteTarget(ref BufferEntryWriter writer, SubscriptionTarget target)
    {
        switch (target)
        {
            case SubscriptionTarget.OfQueue queue:
                Write(ref writer, TargetQueue, queue.Queue.Value);
                break;
            case SubscriptionTarget.OfEndpoint endpoint:
                Write(ref writer, TargetEndpoint, endpoint.Url);
                break;
            case SubscriptionTarget.OfMail mail:
                Write(ref writer, TargetMail, mail.Address);
                writer.Unsigned(mail.IsJson ? 1 : 0);
                break;
            case SubscriptionTarget.OfFunction function:
                Write(ref writer, TargetFunction, function.Url);
                break;
            case SubscriptionTarget.OfGateway gateway:
                writer.Unsigned(TargetGateway);
                writer.Unsigned((int)gateway.Protocol);
                DefinitionFields.Text(ref writer, gateway.Endpoint);
                break;
        }
    }

    private static void Write(ref BufferEntryWriter writer, int field, string text)
    {
        writer.Unsigned(field);
        DefinitionFields.Text(ref writer, text);
    }

    // As wide as it was judged; the definition's own rules have narrowed it.
    private static DeliveryPolicy ReadPolicy(ref EntryReader reader)
    {
        Result<DeliveryPolicy> policy = DeliveryPolicyReader.ReadSubscription(DefinitionFields.Text(ref reader), isRaw: true);
        return policy.IsOk ? policy.Value : throw EntryReader.Malformed();
    }

    private static QueueName ReadName(ref EntryReader reader) => QueueName.TryParse(DefinitionFields.Text(ref reader), out QueueName name) ? name : throw EntryReader.Malformed();
}
