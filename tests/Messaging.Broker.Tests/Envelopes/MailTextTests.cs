using Messaging.Broker.Envelopes;

namespace Messaging.Broker.Tests.Envelopes;

public sealed class MailTextTests
{
    [Fact]
    public void A_notification_is_the_message_and_how_to_get_no_more() => Assert.Equal(
        """
        Hello world!

        --
        If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:
        https://localhost/unsubscribe

        Please do not reply directly to this email.

        """,
        Sample.Written(output => MailText.WriteNotification(output, Sample.Notification, "https://localhost/unsubscribe")));

    [Fact]
    public void A_confirmation_says_the_topic_and_where_to_confirm() => Assert.Equal(
        $"""
        You have chosen to subscribe to the topic:
        {Sample.TopicArn}

        To confirm this subscription, click or visit the link below (If this was in error no action is necessary):
        {Sample.Confirmation.SubscribeUrl}

        Please do not reply directly to this email.

        """,
        Sample.Written(output => MailText.WriteConfirmation(output, Sample.Confirmation)));

    [Fact]
    public void A_farewell_says_the_topic_and_where_to_subscribe_again() => Assert.Equal(
        $"""
        Your subscription to the topic below has been deactivated:
        {Sample.TopicArn}

        If this was in error, click or visit the link below to resubscribe:
        {Sample.Confirmation.SubscribeUrl}

        Please do not reply directly to this email.

        """,
        Sample.Written(output => MailText.WriteConfirmation(output, Sample.Confirmation with { Kind = ConfirmationKind.Unsubscribe })));
}
