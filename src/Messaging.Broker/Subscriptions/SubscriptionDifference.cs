using Messaging.Broker.Queues;

namespace Messaging.Broker.Subscriptions;

/// <summary>In which fields two definitions of subscriptions differ, by the names of the contract.</summary>
internal static class SubscriptionDifference
{
    public static IReadOnlyList<string> Of(SubscriptionDefinition before, SubscriptionDefinition after) => new DifferentFields
    {
        { "target", before.Target == after.Target },
        { "filter", before.Filter == after.Filter },
        { "raw", before.Raw == after.Raw },
        { "deliveryPolicy", before.DeliveryPolicy == after.DeliveryPolicy },
        { "confirmed", before.Confirmed == after.Confirmed },
        { "deadLetter", before.DeadLetter == after.DeadLetter },
        { "startAt", before.StartAt == after.StartAt },
        { "tags", DefinitionTexts.AreSame(before.Tags, after.Tags) },
        { "annotations", DefinitionTexts.AreSame(before.Annotations, after.Annotations) },
    };
}
