using System.Buffers;
using Messaging.Broker.Names;

namespace Messaging.Broker.Envelopes;

/// <summary>
/// Names of topics and of their subscriptions as Amazon SNS writes them (AWS General Reference, "Amazon Resource Names"). What Amazon SNS could not have named so is percent-encoded, so that an ARN has six parts, or
/// seven, and stands in a header as it is. Pure.
/// </summary>
public static class TopicArn
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~");

    /// <summary>As "arn:aws:sns:region:account:name".</summary>
    public static string Of(in TopicKey topic, string region) =>
        $"arn:aws:sns:{(topic.Namespace == NamespaceName.Default ? region : Encode(topic.Namespace.Value))}:{topic.Account.Value}:{Encode(topic.Name.Value)}";

    /// <summary>The topic's, and behind it the subscription's id.</summary>
    public static string Of(in TopicKey topic, string region, Guid subscriptionId) => $"{Of(topic, region)}:{subscriptionId:D}";

    /// <summary>One part of an ARN as the name that it stands for.</summary>
    public static string Decode(string part) => part.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(part) : part;

    /// <summary>An ARN as a value in the query of a URL, where its colons may stand.</summary>
    public static string InQuery(string arn) => arn.Replace("%", "%25", StringComparison.Ordinal);

    private static string Encode(string name) => name.AsSpan().ContainsAnyExcept(Plain) ? Uri.EscapeDataString(name) : name;
}
