using System.Text;
using Messaging.Broker.Filters;
using static Messaging.Broker.Tests.Filters.FilterCalls;

namespace Messaging.Broker.Tests.Filters;

public sealed class BodyFilterTests
{
    [Theory]
    [InlineData("""{"f1":{"f2":"v1"}}""", true)]
    [InlineData("""{"f1":{"f2":["v1"]}}""", true)]
    [InlineData("""{"f1":[{"f2":"v1"}]}""", true)]
    [InlineData("""{"f1":[[{"f2":[["v2","v1"]]}]]}""", true)]
    [InlineData("""{"f1":[{"f2":"v2"},{"f2":"v1"}]}""", true)]
    [InlineData("""{"f1":{"f2":"v2"},"f1":{"f2":"v1"}}""", true)]
    [InlineData("""{"f1":{"f2":{"f2":"v1"}}}""", false)]
    [InlineData("""{"f1":{"f3":"v1"}}""", false)]
    [InlineData("""{"f1":"v1","f2":"v1"}""", false)]
    [InlineData("""{"f1":["v1",{"f3":["v1"]},{"f2":"v2"}]}""", false)]
    [InlineData("""{"f3":{"f1":{"f2":"v1"}}}""", false)]
    [InlineData("""{"f3":{"f2":"v1"},"f1":{}}""", false)]
    [InlineData("""{"f1":{"f3":[{"x":[]}],"f2":"v1"}}""", true)]
    [InlineData("""{"f\u0031":{"f2":"v\u0031"}}""", true)]
    [InlineData("""{"f1":{},"f2":"v1"}""", false)]
    public void Nested_keys_are_found_through_arrays(string body, bool expected) => Assert.Equal(expected, TakesBody("""{"f1":{"f2":["v1"]}}""", body));

    [Fact]
    public void A_dot_in_a_name_nests_in_policies_and_in_bodies()
    {
        foreach (string policy in new[] { """{"a.b.c":["x"]}""", """{"a":{"b.c":["x"]}}""", """{"a.b":{"c":["x"]}}""", """{"a":{"b":{"c":["x"]}}}""" })
        {
            foreach (string body in new[] { """{"a.b.c":"x"}""", """{"a":{"b.c":"x"}}""", """{"a.b":{"c":"x"}}""", """{"a":{"b":{"c":"x"}}}""" })
                Assert.True(TakesBody(policy, body), policy + body);
            Assert.False(TakesBody(policy, """{"a.b":"x"}"""));
            Assert.False(TakesBody(policy, """{"a.b.c.":"x"}"""));
            Assert.False(TakesBody(policy, """{"a..b.c":"x"}"""));
        }
    }

    [Fact]
    public void Keys_of_an_array_of_objects_match_each_by_itself()
    {
        const string Policy = """{"Records":{"s3":{"object":{"key":[{"prefix":"auto-"}]}},"eventName":[{"prefix":"ObjectCreated:"}]}}""";
        Assert.True(TakesBody(Policy, """{"Records":[{"eventName":"ObjectCreated:Put","s3":{"object":[[{"key":"auto-1"}]]}}]}"""));
        Assert.True(TakesBody(Policy, """{"Records":[{"eventName":"ObjectCreated:Put","s3":{"object":{"key":"home-1"}}},{"s3":{"object":{"key":"auto-1"}}}]}"""));
        Assert.False(TakesBody(Policy, """{"Records":[{"eventName":"ObjectRemoved:Delete","s3":{"object":{"key":"auto-1"}}}]}"""));
    }

    [Theory]
    [InlineData("""{"a":1}""", false)]
    [InlineData("""{"a":null}""", false)]
    [InlineData("""{"a":[null]}""", false)]
    [InlineData("""{"a":[]}""", true)]
    [InlineData("""{"a":{}}""", true)]
    [InlineData("""{"a":{"b":1}}""", true)]
    [InlineData("""{}""", true)]
    public void Only_values_exist(string body, bool isAbsent)
    {
        Assert.Equal(isAbsent, TakesBody("""{"a":[{"exists":false}]}""", body));
        Assert.Equal(!isAbsent, TakesBody("""{"a":[{"exists":true}]}""", body));
    }

    [Fact]
    public void Choices_nest_below_keys()
    {
        const string Policy = """{"$or":[{"metric":["cpu","disk"]},{"space":["ec2"]}],"detail":{"scope":["service"],"$or":[{"source":["watch"]},{"type":["alarm"]}]}}""";
        Assert.True(TakesBody(Policy, """{"metric":"disk","detail":{"scope":"service","type":"alarm"}}"""));
        Assert.True(TakesBody(Policy, """{"space":"ec2","detail":{"scope":"service","source":"watch"}}"""));
        Assert.False(TakesBody(Policy, """{"metric":"disk","detail":{"scope":"service"}}"""));
        Assert.False(TakesBody(Policy, """{"metric":"disk","type":"alarm","detail":{"scope":"service"}}"""));
        Assert.False(TakesBody(Policy, """{"detail":{"scope":"service","type":"alarm"}}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("text")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("""[{"b":1}]""")]
    [InlineData("""{"b":1""")]
    [InlineData("""{"b":1}}""")]
    [InlineData("""{"b":1} {}""")]
    [InlineData("""{"b":1,}""")]
    [InlineData("""{'b':1}""")]
    [InlineData("""{"b":1}//""")]
    [InlineData("""{"b":01}""")]
    [InlineData("""{"b":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("\uFEFF{}")]
    public void A_body_that_is_no_JSON_object_never_matches(string body) => Assert.False(TakesBody("""{"a":[{"exists":false}]}""", body));

    [Fact]
    public void A_body_that_is_no_UTF8_never_matches()
    {
        FilterPolicy policy = Policy("""{"a":[{"exists":false}]}""", FilterScope.Body);
        Assert.True(policy.MatchesBody("""{"b":"x"}"""u8));
        Assert.False(policy.MatchesBody([.. """{"b":"x"""u8, 0xC3, .. "\"}"u8]));
    }

    [Fact]
    public void A_body_that_nests_too_deep_never_matches()
    {
        static string Deep(int depth) => $$"""{"a":{{new string('[', depth - 1)}}"x"{{new string(']', depth - 1)}}}""";
        Assert.True(TakesBody("""{"a":["x"]}""", Deep(FilterLimits.JsonDepthMax)));
        Assert.False(TakesBody("""{"a":["x"]}""", Deep(FilterLimits.JsonDepthMax + 1)));
    }

    [Fact]
    public void Long_texts_are_compared_unescaped()
    {
        string text = new string('ä', 5_000) + "\"end";
        string escaped = string.Concat(text.Select(letter => $"\\u{(int)letter:x4}"));
        Assert.True(TakesBody($$"""{"a":[{"suffix":"\"end"}],"b":[{{Quote(text)}}]}""", $$"""{"a":"{{escaped}}","b":["\u0041","{{escaped}}"]}"""));
        Assert.False(TakesBody($$"""{"a":[{{Quote(text)}}]}""", $$"""{"a":"{{escaped}}x"}"""));
    }

    [Fact]
    public void The_text_of_a_policy_is_kept_as_it_came()
    {
        byte[] json = Encoding.UTF8.GetBytes(" { \"a\" : [ \"\\u0041\" ] } ");
        FilterPolicy policy = FilterPolicy.Parse(json, FilterScope.Body, FilterLimits.Sns, "filter").Value;
        Assert.Equal(json, policy.Json.ToArray());
        json[0] = (byte)'x';
        Assert.Equal((byte)' ', policy.Json.Span[0]);
        Assert.Equal(FilterScope.Body, policy.Scope);
    }
}
