using System.Text;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Tests.Http;

public sealed class RecordHeadersTests
{
    [Fact]
    public void All_that_stands_in_headers_is_the_records()
    {
        var (record, problem) = Read(
            ("Content-Type", "text/plain"), ("Message-Key", "kä"), ("message-partition", "2"), ("Message-Timestamp", "1970-01-01T00:00:01Z"), ("Message-Header-a", new StringValues(["1", "2"])), ("Message-Header-B", "ö"));

        Assert.Null(problem);
        Assert.Equal(("kä", "text/plain", 2, 1_000L), (Text(record.Key), record.ContentType, record.Partition, record.TimestampMs));
        Assert.Equal([("a", "1"), ("a", "2"), ("B", "ö")], record.Headers!.Select(header => (header.Name, Text(header.Value))));
        Assert.Equal("body", Text(record.Value));
    }

    [Fact]
    public void Without_headers_there_is_only_the_body()
    {
        var (record, problem) = Read();

        Assert.Null(problem);
        Assert.Equal((null, null, null, null, null), (Text(record.Key), record.ContentType, record.Partition, record.TimestampMs, record.Headers));
    }

    [Theory]
    [InlineData("Message-Key", "", "")]
    [InlineData("Message-Key-Base64", "", "")]
    [InlineData("Message-Key-Base64", "aGk=", "hi")]
    public void A_key_is_text_or_base64_and_may_be_empty(string name, string value, string key) => Assert.Equal(key, Text(Read((name, value)).Record.Key));

    [Theory]
    [InlineData("Message-Key-Base64", "aGk", "invalidValue")]
    [InlineData("Message-Partition", "-1", "invalidValue")]
    [InlineData("Message-Partition", "99999999999", "invalidValue")]
    [InlineData("Message-Timestamp", "1", "invalidValue")]
    [InlineData("Message-Header-", "x", "unknownField")]
    [InlineData("Message-Group", "g", "unknownField")]
    [InlineData("Content-Type", "text", "invalidValue")]
    public void What_is_wrong_is_said_of_its_header(string name, string value, string code)
    {
        Problem? problem = Read((name, value)).Problem;

        Assert.Equal((code, name), (problem?.Kind.Code, problem?.Field));
    }

    [Fact]
    public void One_record_has_one_key()
    {
        Assert.Equal("invalidValue", Read(("Message-Key", "a"), ("Message-Key-Base64", "aGk=")).Problem?.Kind.Code);
        Assert.Equal("duplicateField", Read(("Message-Key", new StringValues(["a", "b"]))).Problem?.Kind.Code);
    }

    private static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } given ? Encoding.UTF8.GetString(given.Span) : null;

    private static (OutgoingRecord Record, Problem? Problem) Read(params (string Name, StringValues Values)[] given)
    {
        var context = new DefaultHttpContext();
        foreach ((string name, StringValues values) in given)
            context.Request.Headers[name] = values;
        var headers = new RecordHeaders();
        Problem? problem = headers.Read(context.Request);
        return (headers.ToRecord(Encoding.UTF8.GetBytes("body")), problem);
    }
}
