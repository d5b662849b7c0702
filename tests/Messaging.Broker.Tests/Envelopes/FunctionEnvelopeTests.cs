using Messaging.Broker.Envelopes;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Tests.Envelopes;

public sealed class FunctionEnvelopeTests
{
    [Fact]
    public void A_function_gets_one_record_in_one_line() => Assert.Equal(
        """
        {"Records":[{"EventSource":"aws:sns","EventVersion":"1.0",
        "EventSubscriptionArn":"arn:aws:sns:us-west-2:123456789012:MyTopic:c9135db0-26c4-47ec-8998-413945fb5a96",
        "Sns":{"Type":"Notification","MessageId":"22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324","TopicArn":"arn:aws:sns:us-west-2:123456789012:MyTopic",
        "Subject":null,"Message":"Hello world!","Timestamp":"2012-05-02T00:54:06.655Z","SignatureVersion":"1","Signature":"EXAMPLEw6JRNwm1LFQL4",
        "SigningCertUrl":"https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem",
        "UnsubscribeUrl":"https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-west-2:123456789012:MyTopic:c9135db0-26c4-47ec-8998-413945fb5a96",
        "MessageAttributes":{}}}]}
        """.ReplaceLineEndings(""),
        Write(Sample.Notification with { Subject = null }));

    [Fact]
    public void A_function_is_told_the_subject_and_the_attributes()
    {
        string json = Write(Sample.Notification with { Attributes = [new MessageAttribute("a", AttributeKind.Number, "int", Sample.Bytes("7"))] });

        Assert.Contains("""
            "Subject":"My First Message",
            """, json, StringComparison.Ordinal);
        Assert.EndsWith("""
            "MessageAttributes":{"a":{"Type":"Number.int","Value":"7"}}}}]}
            """, json, StringComparison.Ordinal);
    }

    private static string Write(NotificationDocument document) =>
        Sample.Written(output => FunctionEnvelope.Write(output, document, Sample.Delivery, Sample.SubscriptionArn));
}
