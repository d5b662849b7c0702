using Messaging.Broker;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Tests.Http;

public sealed class FetchQueryTests
{
    [Fact]
    public void Without_a_query_all_defaults_hold()
    {
        var (query, problem) = Read("");

        Assert.Null(problem);
        Assert.Equal(new FetchRequest(FetchRequest.Earliest, TopicLimits.FetchBytesDefault), query.ToRequest(query.Offset));
        Assert.Equal((100, BodyEncoding.Auto, null), (query.Limit, query.Encoding, query.FromMs));
    }

    [Fact]
    public void All_parameters_arrive()
    {
        var (query, problem) = Read("?offset=7&limit=3&maxBytes=20&minBytes=10&waitSeconds=5&isolation=readCommitted&encoding=text");

        Assert.Null(problem);
        Assert.Equal(new FetchRequest(7, 20, TimeSpan.FromSeconds(5), 10) { Isolation = Isolation.ReadCommitted }, query.ToRequest(query.Offset));
        Assert.Equal((3, BodyEncoding.Text), (query.Limit, query.Encoding));
    }

    [Theory]
    [InlineData("?offset=latest", FetchRequest.Latest)]
    [InlineData("?offset=earliest", FetchRequest.Earliest)]
    [InlineData("?offset=9223372036854775807", long.MaxValue)]
    public void An_offset_is_a_number_or_an_end(string text, long offset) => Assert.Equal(offset, Read(text).Query.Offset);

    [Fact]
    public void A_time_stands_instead_of_an_offset()
    {
        Assert.Equal(1_000, Read("?timestamp=1970-01-01T00:00:01Z").Query.FromMs);
        Assert.Equal(0, Read("?timestamp=1969-01-01T00:00:01Z").Query.FromMs);
        Assert.Equal("timestamp", Read("?timestamp=1970-01-01T00:00:01Z&offset=1").Problem?.Field);
    }

    [Theory]
    [InlineData("?limit=1", nameof(FetchQuery.OfBatches))]
    [InlineData("?encoding=text", nameof(FetchQuery.OfBatches))]
    [InlineData("?limit=1", nameof(FetchQuery.OfStreams))]
    [InlineData("?waitSeconds=1", nameof(FetchQuery.OfStreams))]
    [InlineData("?maxBytes=1", nameof(FetchQuery.OfStreams))]
    public void What_a_form_does_not_know_it_does_not_take(string text, string form) =>
        Assert.Equal("unknownField", Read(text, form == nameof(FetchQuery.OfBatches) ? FetchQuery.OfBatches : FetchQuery.OfStreams).Problem?.Kind.Code);

    [Theory]
    [InlineData("41", 42L)]
    [InlineData("", null)]
    [InlineData("-1", null)]
    [InlineData("4 1", null)]
    [InlineData("9223372036854775807", null)]
    public void A_stream_of_events_goes_on_behind_the_last_one(string id, long? offset)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers["Last-Event-ID"] = id;
        (FetchQuery query, _) = Read("?timestamp=1970-01-01T00:00:01Z");
        Problem? problem = query.ReadLastEvent(context.Request.Headers);

        Assert.Equal(offset is null ? "Last-Event-ID" : null, problem?.Field);
        if (offset is not null)
            Assert.Equal((offset, (long?)null), ((long?)query.Offset, query.FromMs));
    }

    [Fact]
    public void A_query_that_is_none_never_throws()
    {
        var random = new Random(45);
        byte[] valid = "?offset=7&limit=3&maxBytes=20&minBytes=10&waitSeconds=5&isolation=readCommitted&encoding=text&timestamp=1970-01-01T00:00:01Z"u8.ToArray();
        for (int round = 0; round < 20_000; round++)
            Read("?" + string.Concat(Wire.Parsing.Mutate(valid, random).Skip(1).Select(letter => (char)(letter & 0x7F))));
    }

    private static (FetchQuery Query, Problem? Problem) Read(string text, string[]? known = null)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(text);
        var query = new FetchQuery();
        return (query, query.Read(context.Request, known ?? FetchQuery.OfPages));
    }
}
