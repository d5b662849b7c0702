using System.Buffers;
using System.Text;
using System.Text.Json;
using Messaging.Broker.Envelopes;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Tests.Envelopes;

public sealed class NotificationEnvelopeTests
{
    [Fact]
    public void A_notification_of_a_standard_topic_is_what_SNS_sends() => Assert.Equal(
        """
        {
          "Type" : "Notification",
          "MessageId" : "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
          "TopicArn" : "arn:aws:sns:us-west-2:123456789012:MyTopic",
          "Subject" : "My First Message",
          "Message" : "Hello world!",
          "Timestamp" : "2012-05-02T00:54:06.655Z",
          "SignatureVersion" : "1",
          "Signature" : "EXAMPLEw6JRNwm1LFQL4",
          "SigningCertURL" : "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem",
          "UnsubscribeURL" : "https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-west-2:123456789012:MyTopic:c9135db0-26c4-47ec-8998-413945fb5a96"
        }
        """,
        Sample.Json(Sample.Notification, Sample.Delivery));

    [Fact]
    public void A_notification_of_a_FIFO_topic_has_its_sequence_number_and_no_signature() => Assert.Equal(
        """
        {
          "Type" : "Notification",
          "MessageId" : "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
          "SequenceNumber" : "00000000000000000042",
          "TopicArn" : "arn:aws:sns:us-west-2:123456789012:MyTopic.fifo",
          "Message" : "Hello world!",
          "Timestamp" : "2012-05-02T00:54:06.000Z",
          "UnsubscribeURL" : "https://localhost/",
          "Replayed" : true
        }
        """,
        Sample.Json(
            Sample.Notification with { TopicArn = Sample.TopicArn + ".fifo", Subject = null, Sequence = 42, PublishedAtMs = Sample.Ms("2012-05-02T00:54:06Z") },
            new NotificationDelivery("https://localhost/", null, Replayed: true)));

    [Fact]
    public void Attributes_are_told_with_their_types_and_binary_ones_in_base64() => Assert.Equal(
        """
        {
          "Type" : "Notification",
          "MessageId" : "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
          "TopicArn" : "arn:aws:sns:us-west-2:123456789012:MyTopic",
          "Subject" : "My First Message",
          "Message" : "Hello world!",
          "Timestamp" : "2012-05-02T00:54:06.655Z",
          "MessageAttributes" : {
            "colours" : {"Type":"String.Array","Value":"[\"red\",\"blue\"]"},
            "price" : {"Type":"Number","Value":"1.50"},
            "raw" : {"Type":"Binary","Value":"AP8Q"},
            "sort" : {"Type":"String.größe","Value":""}
          }
        }
        """,
        Sample.Json(Sample.Notification with { Attributes = Attributes }, default));

    [Fact]
    public void Only_what_JSON_forbids_is_escaped()
    {
        string every = string.Concat(Enumerable.Range(0, 0x20).Select(value => (char)value)) + "\"\\/<>&'+\u007f\u0085\u2028é中😀";

        string json = Sample.Json(Sample.Notification with { Message = Sample.Bytes(every), Subject = every }, default);

        const string Written = """\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\"\\/<>&'+"""
            + "\u007f\u0085\u2028é中😀";
        Assert.Contains($"\"Message\" : \"{Written}\"", json, StringComparison.Ordinal);
        Assert.Contains($"\"Subject\" : \"{Written}\"", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0x41 }, "\uFFFDA")]
    [InlineData(new byte[] { 0x41, 0xE2, 0x82 }, "A\uFFFD")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "\uFFFD\uFFFD\uFFFD")]
    public void Bytes_that_are_no_text_become_replacement_characters(byte[] message, string text)
    {
        string json = Sample.Json(Sample.Notification with { Message = message, Attributes = [new MessageAttribute("a", AttributeKind.String, null, message)] }, default);

        using var parsed = JsonDocument.Parse(json);
        Assert.Equal(text, parsed.RootElement.GetProperty("Message").GetString());
        Assert.Equal(text, parsed.RootElement.GetProperty("MessageAttributes").GetProperty("a").GetProperty("Value").GetString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_written_is_read_again(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 500; round++)
        {
            string message = Text(random, 400), subject = Text(random, 300), name = Text(random, 40);
            byte[] binary = new byte[random.Next(80)];
            random.NextBytes(binary);
            NotificationDocument document = Sample.Notification with
            {
                Message = Sample.Bytes(message),
                Subject = subject,
                Attributes = [new MessageAttribute(name, AttributeKind.String, null, Sample.Bytes(message)), new MessageAttribute(name + "2", AttributeKind.Binary, "x", binary)],
            };

            using var parsed = JsonDocument.Parse(Sample.Json(document, Sample.Delivery));
            JsonElement root = parsed.RootElement, attributes = root.GetProperty("MessageAttributes");
            Assert.Equal(message, root.GetProperty("Message").GetString());
            Assert.Equal(subject, root.GetProperty("Subject").GetString());
            Assert.Equal(message, attributes.GetProperty(name).GetProperty("Value").GetString());
            Assert.Equal(binary, attributes.GetProperty(name + "2").GetProperty("Value").GetBytesFromBase64());

            using var invocation = JsonDocument.Parse(Sample.Written(output => FunctionEnvelope.Write(output, document, Sample.Delivery, Sample.SubscriptionArn)));
            Assert.Equal(message, invocation.RootElement.GetProperty("Records")[0].GetProperty("Sns").GetProperty("Message").GetString());
        }
    }

    [Fact]
    public void A_document_is_written_without_allocating()
    {
        NotificationDocument document = Sample.Notification with { Attributes = Attributes, Sequence = 7 };
        var output = new ArrayBufferWriter<byte>(8_192);
        NotificationEnvelope.Write(output, document, Sample.Delivery);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 100; round++)
        {
            output.ResetWrittenCount();
            NotificationEnvelope.Write(output, document, Sample.Delivery);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 99);
    }

    private static MessageAttribute[] Attributes =>
    [
        new("colours", AttributeKind.String, "Array", Sample.Bytes("""["red","blue"]""")),
        new("price", AttributeKind.Number, null, Sample.Bytes("1.50")),
        new("raw", AttributeKind.Binary, null, new byte[] { 0, 255, 16 }),
        new("sort", AttributeKind.String, "größe", default),
    ];

    // Of every kind of character, half of them below 128.
    private static string Text(Random random, int runes)
    {
        var text = new StringBuilder();
        for (int left = random.Next(runes); left > 0; left--)
        {
            int value = random.Next(4) switch { 0 => random.Next(0x20), 1 => random.Next(0x80), 2 => random.Next(0x10000), _ => random.Next(0x110000) };
            if (Rune.IsValid(value)) text.Append(new Rune(value).ToString());
        }

        return text.ToString();
    }
}
