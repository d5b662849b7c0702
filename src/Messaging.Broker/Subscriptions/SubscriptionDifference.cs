using Messaging.Broker.Queues;

namespace Messaging.Broker.Subscriptions;

/// <summary>In which fields two definitions of subscriptions differ, by the names of the contract.</summary>
internal static class SubscriptionDifference
{
    public static IReadOnlyList<string> Of(SubscriptionDefinition before, SubscriptionDefinition after)
    {
        var fields = new List<string>();
        Add("target", before.Target == after.Target);
        Add("filter", before.Filter == after.Filter);
        Add("raw", before.Raw == after.Raw);
        Add("deliveryPolicy", before.DeliveryPolicy == after.DeliveryPolicy);
        Add("confirmed", before.Confirmed == after.Confirmed);
        Add("deadLetter", before.DeadLetter == after.DeadLetter);
        Add("startAt", before.StartAt == after.StartAt);
        Add("tags", DefinitionTexts.AreSame(before.Tags, after.Tags));
        Add("annotations", DefinitionTexts.AreSame(before.Annotations, after.Annotations));
        return fields;

        void Add(string field, bool isSame)
        {
            if (!isSame) fields.Add(field);
        }
    }
}
