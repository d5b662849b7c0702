using System.Buffers;
using System.Text;
using Messaging.Broker.Envelopes;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Tests.Envelopes;

/// <summary>Documents for the tests, with the values of SNS's own examples.</summary>
internal static class Sample
{
    public const string TopicArn = "arn:aws:sns:us-west-2:123456789012:MyTopic";
    public const string SubscriptionArn = TopicArn + ":c9135db0-26c4-47ec-8998-413945fb5a96";
    public const string CertificateUrl = "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem";
    public const string UnsubscribeUrl = "https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=" + SubscriptionArn;

    public static readonly NotificationDocument Notification = new()
    {
        Id = Id("22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"),
        TopicArn = TopicArn,
        Subject = "My First Message",
        Message = Bytes("Hello world!"),
        PublishedAtMs = Ms("2012-05-02T00:54:06.655Z"),
    };

    public static readonly ConfirmationDocument Confirmation = new()
    {
        Kind = ConfirmationKind.Subscribe,
        Id = Id("165545c9-2a5c-472c-8df2-7ff2be2b3b1b"),
        TopicArn = TopicArn,
        SubscriptionArn = SubscriptionArn,
        Token = "2336412f37",
        SubscribeUrl = "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + TopicArn + "&Token=2336412f37",
        AskedAtMs = Ms("2012-04-26T20:45:04.751Z"),
    };

    public static readonly EnvelopeSignature Signature = new(SignatureVersion.Sha1, Bytes("EXAMPLEw6JRNwm1LFQL4"), CertificateUrl);

    public static readonly NotificationDelivery Delivery = new(UnsubscribeUrl, Signature);

    public static MessageId Id(string text) => MessageId.TryParse(text, out MessageId id) ? id : throw new ArgumentException(text);

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static long Ms(string time) => DateTimeOffset.Parse(time).ToUnixTimeMilliseconds();

    public static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(output.WrittenSpan);
    }

    public static string Json(NotificationDocument document, NotificationDelivery delivery) =>
        Written(output => NotificationEnvelope.Write(output, document, delivery));

    public static string Json(ConfirmationDocument document, EnvelopeSignature signature) =>
        Written(output => ConfirmationEnvelope.Write(output, document, signature));
}
