using System.Text;

namespace Messaging.Rest.Tests.Wire;

public sealed class JsonRequestTests
{
    [Theory]
    [InlineData("", "malformedJson", null)]
    [InlineData(" ", "malformedJson", null)]
    [InlineData("{", "malformedJson", null)]
    [InlineData("{}", "missingField", "messages")]
    [InlineData("[]", "invalidValue", null)]
    [InlineData("7", "invalidValue", null)]
    [InlineData("nul", "malformedJson", null)]
    [InlineData("""{"messages":[{"body":"x"}]""", "malformedJson", null)]
    [InlineData("""{"messages":[{"body":"x"}]}}""", "malformedJson", null)]
    [InlineData("""{"messages":[{"body":"x"}]} {}""", "malformedJson", null)]
    [InlineData("""{"messages":[{"body":"x"},]}""", "malformedJson", null)]
    [InlineData("""{"messages":[{"body":"x" // no comments""", "malformedJson", null)]
    [InlineData("""{'messages':[]}""", "malformedJson", null)]
    [InlineData("""{"messages":[{"body":"x","delaySeconds":01}]}""", "malformedJson", null)]
    [InlineData("""{"messages":[{"body":"x","delaySeconds":NaN}]}""", "malformedJson", null)]
    [InlineData("""{"messages":[{"body":"\x"}]}""", "malformedJson", null)]
    [InlineData("""{"messages":[]}""", "batchEmpty", "messages")]
    [InlineData("""{"messages":{}}""", "invalidValue", "messages")]
    [InlineData("""{"messages":null}""", "invalidValue", "messages")]
    [InlineData("""{"messages":[{"body":"x"}],"messages":[{"body":"x"}]}""", "duplicateField", "messages")]
    [InlineData("""{"messages":[{"body":"x"}],"more":1}""", "unknownField", "more")]
    public void What_is_wrong_with_the_document_refuses_the_call(string json, string code, string? field)
    {
        var (_, problem) = Parsing.Send(json);

        Assert.Equal((code, field), (problem?.Kind.Code, problem?.Field));
    }

    [Fact]
    public void A_byte_order_mark_is_not_JSON() => Assert.Equal("malformedJson", Parsing.Send([0xEF, 0xBB, 0xBF, .. "{}"u8]).Problem?.Kind.Code);

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    public void Text_that_is_not_UTF8_is_refused(byte[] text)
    {
        var (_, problem) = Parsing.Send([.. """{"messages":[{"body":"a"""u8, .. text, .. "\"}]}"u8]);

        Assert.Equal(("malformedJson", "The body is not valid UTF-8."), (problem?.Kind.Code, problem?.Detail));
    }

    [Fact]
    public void Deep_nesting_is_refused_and_says_so()
    {
        var (_, problem) = Parsing.Send($$"""{"messages":[{"json":{{new string('[', 100_000)}}""");

        Assert.Equal("malformedJson", problem?.Kind.Code);
        Assert.Contains("deeper than 64", problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_entries_are_taken_and_one_more_refuses_the_call()
    {
        string thousand = string.Join(',', Enumerable.Repeat("""{"body":"x"}""", 1_000));

        Assert.Equal(1_000, Parsing.Send($$"""{"messages":[{{thousand}}]}""").Messages.Length);
        var (_, problem) = Parsing.Send($$"""{"messages":[{{thousand}},{"body":"x"}]}""");
        Assert.Equal((413, "batchTooLarge", "messages"), (problem?.Kind.Status, problem?.Kind.Code, problem?.Field));
    }

    [Fact]
    public void The_place_of_what_is_malformed_is_told()
    {
        var (_, problem) = Parsing.Send("{\n \"messages\": x}");

        Assert.Contains("line 2, byte 14", problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_unknown_name_is_not_repeated_in_full() =>
        Assert.True(Parsing.Send($$"""{"{{new string('x', 100_000)}}":1}""").Problem!.Field!.Length < 100);

    [Fact]
    public void Random_mutations_never_throw()
    {
        byte[] valid = Encoding.UTF8.GetBytes("""
            {"messages":[{"body":"hi\u00e4","attributes":{"n":{"type":"number.x","value":"7"},"b":{"type":"binary","valueBase64":"AP8="}},"delaySeconds":5},
             {"json":{"a":[1,2.5e3,null,true,"\ud83d\ude00"]},"contentType":"application/json"},{"bodyBase64":"aGk=","deliverAt":"2026-01-31T09:05:00.250Z"}]}
            """);
        const int Seed = 20260131;
        var random = new Random(Seed);
        for (int round = 0; round < 200_000; round++)
            Assert.True(Parsing.Send(Parsing.Mutate(valid, random)).Problem?.Kind.Status is null or 400 or 413);
    }
}
