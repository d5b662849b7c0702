using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Broker.Envelopes;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;

namespace Messaging.Aws.Topics;

/// <summary>
/// ARNs of Amazon SNS: arn:aws:sns:region:account:topic, and behind that a subscription's id; of mobile push the last part is a path. A signed call is for one region, and so are the ARNs in it; one without a
/// signature, such as an unsubscribe link, says its region by the ARN. Pure.
/// </summary>
internal static class SnsArns
{
    private const int Parts = 6;

    private delegate bool NameParser(string? text, out TopicName name);

    public static string Of(Call call, in TopicKey topic) => TopicArn.Of(topic, call.Front.Settings.Region);

    public static string Of(Call call, SubscriptionDescription subscription) => TopicArn.Of(subscription.Key.Topic, call.Front.Settings.Region, subscription.Id);

    /// <summary>Of something of an account that is no topic, such as app/GCM/name.</summary>
    public static string Of(string region, AccountId account, string path) => $"arn:aws:sns:{region}:{account}:{path}";

    /// <summary>The topic that a parameter names; it may be none that is there.</summary>
    public static AwsError? ReadTopic(Call call, string text, string parameter, out TopicKey topic) => ReadTopic(call, text, parameter, TopicNames.TryParse, out topic);

    /// <summary>The same as of a link of ours, whose topic may have a name that is none of SNS's.</summary>
    public static AwsError? ReadLinkedTopic(Call call, string text, string parameter, out TopicKey topic) => ReadTopic(call, text, parameter, TopicName.TryParse, out topic);

    private static AwsError? ReadTopic(Call call, string text, string parameter, NameParser parse, out TopicKey topic)
    {
        topic = default;
        if (Split(call, text, parameter, out string[] parts, out NamespaceName space, out AccountId account) is { } refused)
            return refused;
        if (parts.Length > Parts)
            return SnsRefusals.Invalid(parameter);
        if (!parse(TopicArn.Decode(parts[^1]), out TopicName name))
            return SnsRefusals.NoTopic;
        topic = new TopicKey(account, space, name);
        return null;
    }

    /// <summary>The subscription's topic and its id.</summary>
    public static AwsError? ReadSubscription(Call call, string text, out TopicKey topic, out Guid id) => ReadSubscription(call, text, TopicNames.TryParse, out topic, out id);

    /// <summary>The same as of a link of ours, whose topic may have a name that is none of SNS's.</summary>
    public static AwsError? ReadLinkedSubscription(Call call, string text, out TopicKey topic, out Guid id) => ReadSubscription(call, text, TopicName.TryParse, out topic, out id);

    private static AwsError? ReadSubscription(Call call, string text, NameParser parse, out TopicKey topic, out Guid id)
    {
        (topic, id) = (default, default);
        if (Split(call, text, "SubscriptionArn", out string[] parts, out NamespaceName space, out AccountId account) is { } refused)
            return refused;
        if (parts.Length != Parts + 1 || !Guid.TryParseExact(parts[Parts], "D", out id))
            return SnsRefusals.Invalid("SubscriptionId");
        if (!parse(TopicArn.Decode(parts[Parts - 1]), out TopicName name))
            return SnsRefusals.NoSubscription;
        topic = new TopicKey(account, space, name);
        return null;
    }

    /// <summary>The path of something of an account that is no topic, in its parts.</summary>
    public static AwsError? ReadPath(Call call, string text, string parameter, int slashes, out NamespaceName space, out AccountId account, out string[] path)
    {
        path = [];
        if (Split(call, text, parameter, out string[] parts, out space, out account) is { } refused)
            return refused;
        path = parts[Parts - 1].Split('/');
        return path.Length == slashes + 1 && parts.Length == Parts ? null : SnsRefusals.Invalid(parameter, "Wrong number of slashes in relative portion of the ARN.");
    }

    private static AwsError? Split(Call call, string text, string parameter, out string[] parts, out NamespaceName space, out AccountId account)
    {
        parts = text.Split(':');
        (space, account) = (default, default);
        if (text.Length == 0)
            return SnsRefusals.Invalid(parameter, "no value for required parameter");
        if (parts.Length < Parts)
            return SnsRefusals.Invalid(parameter, $"An ARN must have at least {Parts} elements, not {parts.Length}");
        bool isOther = call.Caller.Region is not null && parts[3] != call.Region;
        if (parts[0] != "arn" || parts[2] != "sns" || isOther || !AccountId.TryParse(parts[4], out account))
            return SnsRefusals.Invalid(parameter);
        space = NamespaceName.Default;
        return parts[3] == call.Front.Settings.Region || NamespaceName.TryParse(TopicArn.Decode(parts[3]), out space) ? null : SnsRefusals.Invalid(parameter);
    }
}
