using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Subscriptions;

namespace Messaging.Aws.Subscriptions;

/// <summary>One page of either list of subscriptions, and the token of the next. Owned by one call.</summary>
internal sealed class SubscriptionPages
{
    private IReadOnlyList<SubscriptionView> _views = [];
    private string? _next;

    public string NextToken = "";

    /// <summary>Null where the page is here.</summary>
    public AwsError? Take(Call call, Result<SubscriptionPage> page)
    {
        if (!page.IsOk)
            return page.Error.Field == "pageToken" ? SnsRefusals.Invalid("NextToken") : SnsRefusals.Of(page.Error);
        // Those of topics that this protocol can't name are not seen here.
        _views = [.. page.Value.Subscriptions.Where(static one => TopicNames.IsLegal(one.Key.Topic.Name.Value)).Select(one => SubscriptionAccess.View(call, one))];
        _next = page.Value.NextPageToken;
        return null;
    }

    public void Write(IAnswer answer)
    {
        answer.BeginList("Subscriptions"u8, "member"u8);
        foreach (SubscriptionView view in _views)
        {
            SubscriptionEndpoint endpoint = SubscriptionEndpoint.Of(view.Subscription, view.Region);
            answer.BeginItem();
            answer.Text("SubscriptionArn"u8, view.Subscription.Pending ? "PendingConfirmation"u8 : XmlText.Legal(view.Arn));
            answer.Text("Owner"u8, XmlText.Legal(view.Topic.Account.Value));
            answer.Text("Protocol"u8, XmlText.Legal(endpoint.Protocol));
            answer.Text("Endpoint"u8, XmlText.Legal(endpoint.Text));
            answer.Text("TopicArn"u8, XmlText.Legal(view.TopicArn));
            answer.EndItem();
        }
        answer.EndList();
        if (_next is not null)
            answer.Text("NextToken"u8, XmlText.Legal(_next));
    }
}
