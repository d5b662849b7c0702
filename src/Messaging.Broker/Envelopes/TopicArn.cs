using Messaging.Broker.Names;

namespace Messaging.Broker.Envelopes;

/// <summary>Names of topics and of their subscriptions as Amazon SNS writes them (AWS General Reference, "Amazon Resource Names").</summary>
public static class TopicArn
{
    /// <summary>As "arn:aws:sns:region:account:name".</summary>
    public static string Of(in TopicKey topic, string region) =>
        $"arn:aws:sns:{(topic.Namespace == NamespaceName.Default ? region : topic.Namespace.Value)}:{topic.Account.Value}:{topic.Name.Value}";

    /// <summary>The topic's, and behind it the subscription's id.</summary>
    public static string Of(in TopicKey topic, string region, Guid subscriptionId) => $"{Of(topic, region)}:{subscriptionId:D}";
}
