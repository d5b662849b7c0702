namespace Messaging.Push.Http;

/// <summary>The headers of SNS's deliveries (Developer Guide, "HTTP/HTTPS headers"). Pure.</summary>
public static class PushHeaders
{
    /// <summary>What endpoints know SNS by.</summary>
    public const string UserAgent = "Amazon Simple Notification Service Agent";

    /// <summary>Of the call of a function: nobody waits for what it returns (AWS Lambda API Reference, "Invoke").</summary>
    public static readonly KeyValuePair<string, string>[] OfInvocation = [new("X-Amz-Invocation-Type", "Event"), new("User-Agent", UserAgent)];

    /// <summary>Of one delivery.</summary>
    /// <param name="messageType">Notification, SubscriptionConfirmation or UnsubscribeConfirmation.</param>
    /// <param name="messageId">The message's id.</param>
    /// <param name="topicArn">The topic.</param>
    /// <param name="subscriptionArn">The subscription; null in a request for a confirmation, where there is none yet.</param>
    /// <param name="isRaw">Whether the body is the message itself.</param>
    public static KeyValuePair<string, string>[] Of(string messageType, string messageId, string topicArn, string? subscriptionArn, bool isRaw)
    {
        var headers = new KeyValuePair<string, string>[4 + (subscriptionArn is null ? 0 : 1) + (isRaw ? 1 : 0)];
        int count = 0;
        headers[count++] = new("x-amz-sns-message-type", messageType);
        headers[count++] = new("x-amz-sns-message-id", messageId);
        headers[count++] = new("x-amz-sns-topic-arn", topicArn);
        if (subscriptionArn is not null) headers[count++] = new("x-amz-sns-subscription-arn", subscriptionArn);
        if (isRaw) headers[count++] = new("x-amz-sns-rawdelivery", "true");
        headers[count] = new("User-Agent", UserAgent);
        return headers;
    }
}
