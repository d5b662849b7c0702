using System.Text;
using Messaging.Broker.Messages;

namespace Messaging.Rest.Tests.Wire;

public sealed class MessageParserTests
{
    [Theory]
    [InlineData("""{"body":"hi"}""", "hi")]
    [InlineData("""{"body":""}""", "")]
    [InlineData("""{"body":"a\n\"\u00e4\ud83d\ude00"}""", "a\n\"ä😀")]
    [InlineData("""{"body":"ä😀"}""", "ä😀")]
    [InlineData("""{ "bodyBase64" : "aGk=" }""", "hi")]
    [InlineData("""{"bodyBase64":"Pz8\/"}""", "???")]
    [InlineData("""{"json": {"a": [1, 2.50, null]} }""", """{"a": [1, 2.50, null]}""")]
    [InlineData("""{"json":null}""", "null")]
    [InlineData("""{"json":1e999}""", "1e999")]
    public void The_body_is_the_bytes_that_were_meant(string message, string body)
    {
        var (messages, problem) = Parsing.Send($$"""{"messages":[{{message}}]}""");

        Assert.Null(problem);
        Assert.Equal(body, Encoding.UTF8.GetString(Assert.Single(messages).Body.Span));
    }

    [Fact]
    public void Bodies_stay_apart_when_all_of_them_must_be_decoded()
    {
        string entries = string.Join(',', Enumerable.Range(0, 500).Select(index => $$"""{"body":"\u0061{{index}}"},{"bodyBase64":"{{Convert.ToBase64String(Encoding.ASCII.GetBytes($"b{index}"))}}"}"""));

        var (messages, problem) = Parsing.Send($$"""{"messages":[{{entries}}]}""");

        Assert.Null(problem);
        Assert.Equal(
            Enumerable.Range(0, 500).SelectMany(index => new[] { $"a{index}", $"b{index}" }),
            messages.Select(message => Encoding.UTF8.GetString(message.Body.Span)));
    }

    [Fact]
    public void All_fields_arrive()
    {
        var (messages, problem) = Parsing.Send("""
            {"messages":[{"json":{},"contentType":"application/cloudevents+json","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","delaySeconds":5,"deduplicationId":"d\u00e4",
              "attributes":{"s":{"type":"string","value":"x"},"n":{"type":"number.int","value":"7"},"b":{"type":"binary","valueBase64":"AP8="}}}]}
            """);

        Assert.Null(problem);
        OutgoingMessage message = Assert.Single(messages);
        Assert.Equal(("application/cloudevents+json", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 5_000, "dä"), (message.ContentType, message.TraceParent, message.DelayMilliseconds, message.DeduplicationId));
        Assert.Equal(
            [("s", AttributeKind.String, null, "78"), ("n", AttributeKind.Number, "int", "37"), ("b", AttributeKind.Binary, null, "00FF")],
            message.Attributes!.Select(attribute => (attribute.Name, attribute.Kind, attribute.CustomType, Convert.ToHexString(attribute.Value.Span))));
    }

    [Fact]
    public void A_message_without_more_has_the_delay_of_its_queue_and_no_content_type()
    {
        OutgoingMessage message = Assert.Single(Parsing.Send("""{"messages":[{"body":"x"}]}""").Messages);

        Assert.Equal((OutgoingMessage.QueueDelay, (string?)null), (message.DelayMilliseconds, message.ContentType));
    }

    [Fact]
    public void A_json_body_has_the_content_type_of_json() =>
        Assert.Equal("application/json", Assert.Single(Parsing.Send("""{"messages":[{"json":1}]}""").Messages).ContentType);

    [Theory]
    [InlineData("5", 5_000)]
    [InlineData("5.0", 5_000)]
    [InlineData("3e1", 30_000)]
    [InlineData("3.15360E7", 31_536_000_000)]
    [InlineData("-0", 0)]
    [InlineData("-0.0", 0)]
    public void A_number_is_whole_by_its_value(string number, long milliseconds) =>
        Assert.Equal(milliseconds, Assert.Single(Parsing.Send($$"""{"messages":[{"body":"x","delaySeconds":{{number}}}]}""").Messages).DelayMilliseconds);

    [Theory]
    [InlineData("2026-01-31T09:00:01.250Z", 1_769_850_001_250)]
    [InlineData("2026-01-31T10:00:01+01:00", 1_769_850_001_000)]
    [InlineData("1969-12-31T23:59:59Z", -1_000)]
    public void A_time_is_kept_as_it_was_asked(string time, long milliseconds) =>
        Assert.Equal(milliseconds, Assert.Single(Parsing.Send($$"""{"messages":[{"body":"x","deliverAt":"{{time}}"}]}""").Messages).DeliverAtMs);

    [Theory]
    [InlineData("""{}""", "missingField", "messages[0].body")]
    [InlineData("""7""", "invalidValue", "messages[0]")]
    [InlineData("""null""", "invalidValue", "messages[0]")]
    [InlineData("""["body"]""", "invalidValue", "messages[0]")]
    [InlineData("""{"body":null}""", "invalidValue", "messages[0].body")]
    [InlineData("""{"body":7}""", "invalidValue", "messages[0].body")]
    [InlineData("""{"body":{"a":{"b":[]}}}""", "invalidValue", "messages[0].body")]
    [InlineData("""{"body":"a","body":"b"}""", "duplicateField", "messages[0].body")]
    [InlineData("""{"body":"a","json":1}""", "invalidValue", "messages[0].json")]
    [InlineData("""{"body":"a","bodyBase64":"YQ=="}""", "invalidValue", "messages[0].bodyBase64")]
    [InlineData("""{"body":"\ud800"}""", "invalidValue", "messages[0].body")]
    [InlineData("""{"bodyBase64":"YQ="}""", "invalidValue", "messages[0].bodyBase64")]
    [InlineData("""{"bodyBase64":"*"}""", "invalidValue", "messages[0].bodyBase64")]
    [InlineData("""{"body":"a","Body":"b"}""", "unknownField", "messages[0].Body")]
    [InlineData("""{"body":"a","x\u0020y":[{"deep":{}}]}""", "unknownField", "messages[0].x y")]
    [InlineData("""{"body":"a","\ud800":1}""", "unknownField", "messages[0].\\ud800")]
    [InlineData("""{"body":"a","group":1}""", "invalidValue", "messages[0].group")]
    [InlineData("""{"body":"a","priority":-1}""", "invalidValue", "messages[0].priority")]
    [InlineData("""{"body":"a","priority":10}""", "invalidValue", "messages[0].priority")]
    [InlineData("""{"body":"a","expiresInSeconds":0}""", "invalidValue", "messages[0].expiresInSeconds")]
    [InlineData("""{"body":"a","expiresInSeconds":31536001}""", "invalidValue", "messages[0].expiresInSeconds")]
    [InlineData("""{"body":"a","expiresInSeconds":"1"}""", "invalidValue", "messages[0].expiresInSeconds")]
    [InlineData("""{"body":"a","deduplicationId":7}""", "invalidValue", "messages[0].deduplicationId")]
    [InlineData("""{"body":"a","deduplicationId":"\ud800"}""", "invalidValue", "messages[0].deduplicationId")]
    [InlineData("""{"body":"a","delaySeconds":-1}""", "invalidValue", "messages[0].delaySeconds")]
    [InlineData("""{"body":"a","delaySeconds":31536001}""", "invalidValue", "messages[0].delaySeconds")]
    [InlineData("""{"body":"a","delaySeconds":99999999999999999999999}""", "invalidValue", "messages[0].delaySeconds")]
    [InlineData("""{"body":"a","delaySeconds":1.5}""", "invalidValue", "messages[0].delaySeconds")]
    [InlineData("""{"body":"a","delaySeconds":1e999}""", "invalidValue", "messages[0].delaySeconds")]
    [InlineData("""{"body":"a","delaySeconds":"1"}""", "invalidValue", "messages[0].delaySeconds")]
    [InlineData("""{"body":"a","delaySeconds":null}""", "invalidValue", "messages[0].delaySeconds")]
    [InlineData("""{"body":"a","deliverAt":"tomorrow"}""", "invalidValue", "messages[0].deliverAt")]
    [InlineData("""{"body":"a","deliverAt":"2026-01-31T09:00:00"}""", "invalidValue", "messages[0].deliverAt")]
    [InlineData("""{"body":"a","deliverAt":"2026-01-31T09:00:00Z","delaySeconds":1}""", "invalidValue", "messages[0].deliverAt")]
    [InlineData("""{"body":"a","contentType":"text"}""", "invalidValue", "messages[0].contentType")]
    [InlineData("""{"body":"a","contentType":"text/plain\r\nX: 1"}""", "invalidValue", "messages[0].contentType")]
    [InlineData("""{"body":"a","contentType":null}""", "invalidValue", "messages[0].contentType")]
    [InlineData("""{"body":"a","traceparent":"00-1-2-01"}""", "invalidValue", "messages[0].traceparent")]
    [InlineData("""{"body":"a","attributes":[]}""", "invalidValue", "messages[0].attributes")]
    [InlineData("""{"body":"a","attributes":{"n":7}}""", "invalidValue", "messages[0].attributes.n")]
    [InlineData("""{"body":"a","attributes":{"n":{}}}""", "missingField", "messages[0].attributes.n.type")]
    [InlineData("""{"body":"a","attributes":{"n":{"type":"number"}}}""", "missingField", "messages[0].attributes.n.value")]
    [InlineData("""{"body":"a","attributes":{"n":{"type":"date","value":"x"}}}""", "invalidValue", "messages[0].attributes.n.type")]
    [InlineData("""{"body":"a","attributes":{"n":{"type":"number.","value":"7"}}}""", "invalidValue", "messages[0].attributes.n.type")]
    [InlineData("""{"body":"a","attributes":{"n":{"type":"number","value":7}}}""", "invalidValue", "messages[0].attributes.n.value")]
    [InlineData("""{"body":"a","attributes":{"n":{"type":"binary","value":"x"}}}""", "invalidValue", "messages[0].attributes.n.value")]
    [InlineData("""{"body":"a","attributes":{"n":{"type":"string","valueBase64":"YQ=="}}}""", "invalidValue", "messages[0].attributes.n.valueBase64")]
    [InlineData("""{"body":"a","attributes":{"n":{"type":"string","value":"","x":1}}}""", "unknownField", "messages[0].attributes.n.x")]
    [InlineData("""{"body":"a","attributes":{"n":{"type":"string","value":""},"n":{"type":"string","value":""}}}""", "duplicateField", "messages[0].attributes.n")]
    public void What_is_wrong_with_a_message_is_said_at_its_place(string message, string code, string field)
    {
        var (_, problem) = Parsing.Send($$"""{"messages":[{{message}}]}""");

        Assert.Equal((code, field), (problem?.Kind.Code, problem?.Field));
    }

    [Fact]
    public void An_entry_that_is_wrong_does_not_touch_those_around_it()
    {
        var (messages, problem) = Parsing.Send("""{"messages":[{"body":"a"},{"oops":{"deep":[1,{"x":[]}]},"body":"b"},[[{}]],7,{"body":"c"}]}""");

        Assert.Equal(["a", "c"], messages.Select(message => Encoding.UTF8.GetString(message.Body.Span)));
        Assert.Equal("messages[1].oops", problem?.Field);
    }

    [Fact]
    public void An_eleventh_attribute_is_one_too_many()
    {
        string attributes = string.Join(',', Enumerable.Range(0, 11).Select(index => $"\"a{index}\":{{\"type\":\"string\",\"value\":\"\"}}"));

        var (_, problem) = Parsing.Send($"{{\"messages\":[{{\"body\":\"x\",\"attributes\":{{{attributes}}}}}]}}");

        Assert.Equal(("invalidValue", "messages[0].attributes"), (problem?.Kind.Code, problem?.Field));
    }
}
