using System.Text;
using Messaging.Broker.Filters;

namespace Messaging.Broker.Tests.Filters;

public sealed class FilterAnchorTests
{
    [Theory]
    [InlineData("""{"a":["x"]}""", "a: x")]
    [InlineData("""{"a":["x","y","x"]}""", "a: x y")]
    [InlineData("""{"a":["x","y","z"],"b":["1","2"],"c":["1",2]}""", "b: 1 2")]
    [InlineData("""{"a":{"b.c":["x"]},"d":["1","2"]}""", "a.b.c: x")]
    [InlineData("""{"a":{"$or":[{"b":["x"]},{"c":["y"]}],"d":["z","w"]}}""", "a.d: z w")]
    [InlineData("""{"":{"":["x"]}}""", ".: x")]
    public void The_key_with_the_fewest_plain_texts_is_the_anchor(string json, string expected)
    {
        FilterAnchor anchor = FilterCalls.Policy(json, FilterScope.Body).Anchor!;
        Assert.Equal(expected, $"{Text(anchor.Path)}: {string.Join(' ', anchor.Values.Select(Text))}");
    }

    [Theory]
    [InlineData("""{"a":[5]}""")]
    [InlineData("""{"a":["x",null]}""")]
    [InlineData("""{"a":["x",true]}""")]
    [InlineData("""{"a":["x",{"prefix":"y"}]}""")]
    [InlineData("""{"a":["x",{"exists":false}]}""")]
    [InlineData("""{"a":[{"anything-but":"x"}]}""")]
    [InlineData("""{"$or":[{"a":["x"]},{"b":["x"]}]}""")]
    public void Where_something_else_would_do_too_there_is_none(string json) => Assert.Null(FilterCalls.Policy(json, FilterScope.Body).Anchor);

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
