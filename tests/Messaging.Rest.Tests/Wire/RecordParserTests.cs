using System.Text;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;

namespace Messaging.Rest.Tests.Wire;

public sealed class RecordParserTests
{
    private const string Full = """
        {"records":[{"key":"k\u00e4","body":"v","contentType":"text/plain","headers":[{"name":"h","value":"x"},{"name":"h","valueBase64":"AP8="},{"name":"n","value":null},{"name":"j","valueJson":{"a": 1}}],
        "timestamp":"2026-01-31T09:05:00.250Z","partition":2},{"keyBase64":"AP8=","bodyBase64":"aGk="},{"keyJson":[1],"json":{"a":null}}]}
        """;

    [Fact]
    public void All_fields_arrive()
    {
        var (records, problem) = Parse(Full);

        Assert.Null(problem);
        OutgoingRecord record = records[0];
        Assert.Equal(("kä", "v", "text/plain"), (Text(record.Key), Text(record.Value), record.ContentType));
        Assert.Equal((new DateTimeOffset(2026, 1, 31, 9, 5, 0, 250, TimeSpan.Zero).ToUnixTimeMilliseconds(), 2), (record.TimestampMs, record.Partition));
        Assert.Equal(
            [("h", "x"), ("h", "\0\uFFFD"), ("n", null), ("j", """{"a": 1}""")],
            record.Headers!.Select(header => (header.Name, Text(header.Value))));
        Assert.Equal([0, 255], records[1].Key!.Value.ToArray());
        Assert.Equal("hi", Text(records[1].Value));
        Assert.Equal(("[1]", """{"a":null}""", "application/json"), (Text(records[2].Key), Text(records[2].Value), records[2].ContentType));
    }

    [Theory]
    [InlineData("""{"body":null}""", null)]
    [InlineData("""{"bodyBase64":null}""", null)]
    [InlineData("""{"body":""}""", "")]
    [InlineData("""{"json":null}""", "null")]
    public void Null_is_a_tombstone_unless_it_is_JSON(string record, string? value) => Assert.Equal(value, Text(Assert.Single(Parse(Call(record)).Records).Value));

    [Theory]
    [InlineData("""{"body":"v"}""", null)]
    [InlineData("""{"body":"v","key":null}""", null)]
    [InlineData("""{"body":"v","keyBase64":null}""", null)]
    [InlineData("""{"body":"v","key":""}""", "")]
    [InlineData("""{"body":"v","keyJson":null}""", "null")]
    public void A_record_without_a_key_has_none_and_an_empty_one_is_one(string record, string? key) => Assert.Equal(key, Text(Assert.Single(Parse(Call(record)).Records).Key));

    [Theory]
    [InlineData("{}", "missingField", "records[0].body")]
    [InlineData("""{"key":"k"}""", "missingField", "records[0].body")]
    [InlineData("""{"body":"a","json":1}""", "invalidValue", "records[0].json")]
    [InlineData("""{"body":null,"bodyBase64":"aGk="}""", "invalidValue", "records[0].bodyBase64")]
    [InlineData("""{"body":"a","key":"k","keyBase64":"aGk="}""", "invalidValue", "records[0].keyBase64")]
    [InlineData("""{"body":5}""", "invalidValue", "records[0].body")]
    [InlineData("""{"bodyBase64":"a"}""", "invalidValue", "records[0].bodyBase64")]
    [InlineData("""{"body":"a","key":{}}""", "invalidValue", "records[0].key")]
    [InlineData("""{"body":"\ud800"}""", "invalidValue", "records[0].body")]
    [InlineData("""{"body":"a","contentType":"text"}""", "invalidValue", "records[0].contentType")]
    [InlineData("""{"body":"a","timestamp":"now"}""", "invalidValue", "records[0].timestamp")]
    [InlineData("""{"body":"a","timestamp":7}""", "invalidValue", "records[0].timestamp")]
    [InlineData("""{"body":"a","partition":-1}""", "invalidValue", "records[0].partition")]
    [InlineData("""{"body":"a","partition":10000}""", "invalidValue", "records[0].partition")]
    [InlineData("""{"body":"a","headers":{}}""", "invalidValue", "records[0].headers")]
    [InlineData("""{"body":"a","headers":[7]}""", "invalidValue", "records[0].headers[0]")]
    [InlineData("""{"body":"a","headers":[{"value":"x"}]}""", "missingField", "records[0].headers[0].name")]
    [InlineData("""{"body":"a","headers":[{"name":"h"}]}""", "missingField", "records[0].headers[0].value")]
    [InlineData("""{"body":"a","headers":[{"name":"h","value":"x","valueBase64":""}]}""", "invalidValue", "records[0].headers[0].valueBase64")]
    [InlineData("""{"body":"a","headers":[{"name":"h","value":7}]}""", "invalidValue", "records[0].headers[0].value")]
    [InlineData("""{"body":"a","headers":[{"name":null,"value":""}]}""", "invalidValue", "records[0].headers[0].name")]
    [InlineData("""{"body":"a","sequence":-1}""", "invalidValue", "records[0].sequence")]
    [InlineData("""{"body":"a","offset":1}""", "unknownField", "records[0].offset")]
    [InlineData("7", "invalidValue", "records[0]")]
    public void What_is_wrong_with_a_record_is_said_at_its_place(string record, string code, string field)
    {
        Problem? problem = Parse(Call(record)).Problem;

        Assert.Equal((code, field), (problem?.Kind.Code, problem?.Field));
    }

    [Theory]
    [InlineData("{}", "missingField", "records")]
    [InlineData("""{"records":[]}""", "batchEmpty", "records")]
    [InlineData("""{"records":{}}""", "invalidValue", "records")]
    [InlineData("""{"producer":{},"records":[]}""", "missingField", "producer.id")]
    public void What_is_wrong_with_the_call_is_said_of_it(string json, string code, string field)
    {
        Problem? problem = Parse(json).Problem;

        Assert.Equal((code, field), (problem?.Kind.Code, problem?.Field));
    }

    [Fact]
    public void All_records_go_to_the_partition_of_the_path()
    {
        var (records, problem) = Parse("""{"records":[{"body":"a"},{"body":"b","partition":3},{"body":"c","partition":2}]}""", partition: 3);

        Assert.Equal([3, 3], records.Select(record => record.Partition));
        Assert.Equal(("invalidValue", "records[2].partition"), (problem?.Kind.Code, problem?.Field));
    }

    [Fact]
    public void A_hundred_and_first_header_is_one_too_many()
    {
        string headers = string.Join(',', Enumerable.Repeat("""{"name":"h","value":""}""", 101));
        Assert.Equal("records[0].headers", Parse(Call($$"""{"body":"a","headers":[{{headers}}]}""")).Problem?.Field);
    }

    [Fact]
    public void Bytes_that_are_no_records_never_throw()
    {
        var random = new Random(43);
        byte[] valid = Encoding.UTF8.GetBytes(Full);
        for (int round = 0; round < 50_000; round++)
            Parse(Parsing.Mutate(valid, random), partition: round % 2 == 0 ? null : 2);
    }

    private static string Call(string record) => $$"""{"records":[{{record}}]}""";

    private static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } given ? Encoding.UTF8.GetString(given.Span) : null;

    private static (OutgoingRecord[] Records, Problem? Problem) Parse(string json, int? partition = null) => Parse(Encoding.UTF8.GetBytes(json), partition);

    // The document is left to the collector: the records point into it.
    private static (OutgoingRecord[] Records, Problem? Problem) Parse(byte[] json, int? partition)
    {
        using var draft = new RecordsDraft(partition);
        Problem? problem = JsonRequest.Parse(new RequestDocument(json), draft, RecordsDraft.Parse);
        return (draft.Records.Accepted.ToArray(), problem ?? Parsing.FirstRefusal(draft.Records));
    }
}
