using Messaging.Broker.Envelopes;

namespace Messaging.Broker.Tests.Envelopes;

public sealed class ConfirmationEnvelopeTests
{
    [Fact]
    public void A_subscription_confirmation_is_what_SNS_sends() => Assert.Equal(
        """
        {
          "Type" : "SubscriptionConfirmation",
          "MessageId" : "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
          "Token" : "2336412f37",
          "TopicArn" : "arn:aws:sns:us-west-2:123456789012:MyTopic",
          "Message" : "You have chosen to subscribe to the topic arn:aws:sns:us-west-2:123456789012:MyTopic.\nTo confirm the subscription, visit the SubscribeURL included in this message.",
          "SubscribeURL" : "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-west-2:123456789012:MyTopic&Token=2336412f37",
          "Timestamp" : "2012-04-26T20:45:04.751Z",
          "SignatureVersion" : "1",
          "Signature" : "EXAMPLEw6JRNwm1LFQL4",
          "SigningCertURL" : "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem"
        }
        """,
        Sample.Json(Sample.Confirmation, Sample.Signature));

    [Fact]
    public void An_unsubscribe_confirmation_names_the_subscription_that_ended() => Assert.Equal(
        """
        {
          "Type" : "UnsubscribeConfirmation",
          "MessageId" : "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
          "Token" : "2336412f37",
          "TopicArn" : "arn:aws:sns:us-west-2:123456789012:MyTopic",
          "Message" : "You have chosen to deactivate subscription arn:aws:sns:us-west-2:123456789012:MyTopic:c9135db0-26c4-47ec-8998-413945fb5a96.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.",
          "SubscribeURL" : "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-west-2:123456789012:MyTopic&Token=2336412f37",
          "Timestamp" : "2012-04-26T20:45:04.751Z",
          "SignatureVersion" : "2",
          "Signature" : "EXAMPLEw6JRNwm1LFQL4",
          "SigningCertURL" : "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem"
        }
        """,
        Sample.Json(Sample.Confirmation with { Kind = ConfirmationKind.Unsubscribe }, Sample.Signature with { Version = SignatureVersion.Sha256 }));

    [Fact]
    public void The_text_of_a_confirmation_does_not_show_its_token() => Assert.DoesNotContain(Sample.Confirmation.Token, Sample.Confirmation.ToString(), StringComparison.Ordinal);
}
