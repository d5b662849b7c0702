using System.Text;
using System.Xml.Linq;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Operations;
using Messaging.Aws.Wire;
using Messaging.Http;

namespace Messaging.Aws.Tests.Operations;

public sealed class XmlOutputTests
{
    private static readonly XNamespace Space = "http://queue.amazonaws.com/doc/2012-11-05/";

    [Fact]
    public void Whatever_text_is_legal_reads_back_from_XML_as_it_was()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            string text = AnyText(new Random(seed));
            using var answer = BufferedAnswer.Rent();
            var output = AwsOutput.Of(AwsProtocol.Query, answer, "id", AwsService.Sqs);
            output.Begin(new GetQueueUrl());
            output.Text("QueueUrl"u8, Encoding.UTF8.GetBytes(text));
            output.End(new GetQueueUrl());

            XElement root = Parse(answer);
            Assert.Equal(text, root.Element(Space + "GetQueueUrlResult")!.Element(Space + "QueueUrl")!.Value);
            Assert.Equal("id", root.Element(Space + "ResponseMetadata")!.Element(Space + "RequestId")!.Value);
        }
    }

    [Theory]
    [InlineData("<&>\"'\r\n\t")]
    [InlineData("\u0000\u0001\uFFFE\uD800")]
    public void An_error_is_XML_whatever_a_client_has_said(string said)
    {
        using var answer = BufferedAnswer.Rent();

        int status = AwsOutput.Of(AwsProtocol.Query, answer, "id", AwsService.Sqs).Write(Refusals.Invalid("P", said, "No."));

        Assert.Equal(400, status);
        Assert.Equal("InvalidParameterValue", Parse(answer).Element(Space + "Error")!.Element(Space + "Code")!.Value);
    }

    [Fact]
    public void What_an_error_repeats_of_a_client_has_an_end()
    {
        using var answer = BufferedAnswer.Rent();

        AwsOutput.Of(AwsProtocol.Query, answer, "id", AwsService.Sqs).Write(Refusals.Invalid("P", new string('"', 8_000_000), "No."));

        Assert.InRange(((PooledBuffer)answer.Buffer).Length, 1, 16 * AwsLimits.EchoCharactersMax);
    }

    private static XElement Parse(BufferedAnswer answer) => XDocument.Parse(Encoding.UTF8.GetString(((PooledBuffer)answer.Buffer).Written.Span), LoadOptions.PreserveWhitespace).Root!;

    private static string AnyText(Random random)
    {
        var text = new StringBuilder();
        for (int left = random.Next(20); left > 0; left--)
        {
            string one = new Rune(random.Next(4) == 0 ? random.Next(0x20, 0x7F) : random.Next(3) == 0 ? "\t\n\r<>&\"'"[random.Next(8)] : random.Next(0x10000, 0x10FFFF)).ToString();
            text.Append(one);
        }
        return text.ToString();
    }
}
