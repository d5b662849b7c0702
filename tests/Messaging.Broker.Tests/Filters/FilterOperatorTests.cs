using Messaging.Broker.Filters;
using static Messaging.Broker.Tests.Filters.FilterCalls;

namespace Messaging.Broker.Tests.Filters;

/// <summary>Each operator on both sides of each of its boundaries, in bodies and in array attributes alike.</summary>
public sealed class FilterOperatorTests
{
    [Theory]
    [InlineData("""["a"]""", "\"a\"", true)]
    [InlineData("""["a"]""", "\"A\"", false)]
    [InlineData("""["a"]""", "\"ab\"", false)]
    [InlineData("""["a","b"]""", "\"b\"", true)]
    [InlineData("""[""]""", "\"\"", true)]
    [InlineData("""["\u00e4"]""", "\"ä\"", true)]
    [InlineData("""["ä"]""", "\"\\u00e4\"", true)]
    [InlineData("""["300"]""", "300", false)]
    [InlineData("""["true"]""", "true", false)]
    [InlineData("""["null"]""", "null", false)]
    [InlineData("[300]", "300", true)]
    [InlineData("[300]", "300.0", true)]
    [InlineData("[300]", "3e2", true)]
    [InlineData("[300]", "300.00001", false)]
    [InlineData("[300]", "\"300\"", false)]
    [InlineData("[0]", "-0", true)]
    [InlineData("[123456789012]", "123456789012", true)]
    [InlineData("[123456789012]", "1e300", false)]
    [InlineData("[true]", "true", true)]
    [InlineData("[true]", "false", false)]
    [InlineData("[false]", "false", true)]
    [InlineData("[false]", "true", false)]
    [InlineData("[null]", "null", true)]
    [InlineData("[null]", "\"null\"", false)]
    [InlineData("[null]", "0", false)]
    public void Plain_values_match_the_same_value(string alternatives, string value, bool expected) => Assert.Equal(expected, Matches(alternatives, value));

    [Fact]
    public void Many_plain_values_are_found_as_few_are()
    {
        string alternatives = $"[{string.Join(',', Enumerable.Range(0, 9_000).Select(i => Quote($"text {i}")))}]";
        Assert.True(Matches(alternatives, "\"text 0\""));
        Assert.True(Matches(alternatives, "\"text 8999\""));
        Assert.False(Matches(alternatives, "\"text 9000\""));
        Assert.False(Matches(alternatives, "\"\""));
    }

    [Theory]
    [InlineData("""[{"prefix":"bas"}]""", "\"baseball\"", true)]
    [InlineData("""[{"prefix":"bas"}]""", "\"bas\"", true)]
    [InlineData("""[{"prefix":"bas"}]""", "\"ba\"", false)]
    [InlineData("""[{"prefix":"bas"}]""", "\"Baseball\"", false)]
    [InlineData("""[{"prefix":""}]""", "\"\"", true)]
    [InlineData("""[{"prefix":"1"}]""", "12", false)]
    [InlineData("""[{"suffix":"ball"}]""", "\"baseball\"", true)]
    [InlineData("""[{"suffix":"ball"}]""", "\"ball\"", true)]
    [InlineData("""[{"suffix":"ball"}]""", "\"all\"", false)]
    [InlineData("""[{"suffix":"ball"}]""", "\"balls\"", false)]
    [InlineData("""[{"suffix":"e"}]""", "true", false)]
    [InlineData("""[{"equals-ignore-case":"tennis"}]""", "\"TENNIS\"", true)]
    [InlineData("""[{"equals-ignore-case":"TeNnis"}]""", "\"tennis\"", true)]
    [InlineData("""[{"equals-ignore-case":"Ärger"}]""", "\"äRGER\"", true)]
    [InlineData("""[{"equals-ignore-case":"tennis"}]""", "\"tennis \"", false)]
    [InlineData("""[{"equals-ignore-case":"tennis"}]""", "\"tenni\"", false)]
    [InlineData("""[{"equals-ignore-case":"ä"}]""", "\"ö\"", false)]
    [InlineData("""[{"equals-ignore-case":"true"}]""", "true", false)]
    public void Text_operators(string alternatives, string value, bool expected) => Assert.Equal(expected, Matches(alternatives, value));

    [Theory]
    [InlineData("base*", "baseball", true)]
    [InlineData("base*", "base", true)]
    [InlineData("base*", "bas", false)]
    [InlineData("*ball", "baseball", true)]
    [InlineData("*ball", "balls", false)]
    [InlineData("b*b*l", "baseball", true)]
    [InlineData("b*b*l", "bl", false)]
    [InlineData("b*b*l", "bbl", true)]
    [InlineData("a*a", "a", false)]
    [InlineData("a*a", "aa", true)]
    [InlineData("*", "", true)]
    [InlineData("*a*", "bab", true)]
    [InlineData("*a*", "b", false)]
    [InlineData("*aab*", "aaab", true)]
    [InlineData("none", "none", true)]
    [InlineData("none", "nones", false)]
    [InlineData(@"1\*2", "1*2", true)]
    [InlineData(@"1\*2", "1x2", false)]
    [InlineData(@"a\\*", @"a\b", true)]
    [InlineData(@"a\\*", "ab", false)]
    [InlineData(@"\**", "*x", true)]
    [InlineData("?", "x", false)]
    public void Wildcards(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Matches($$"""[{"wildcard":{{Quote(pattern)}}}]""", Quote(text)));

    [Theory]
    [InlineData("""["=",300]""", "300.0", true)]
    [InlineData("""["=",300]""", "300.00001", false)]
    [InlineData("""["=",300]""", "\"300\"", false)]
    [InlineData("""["<",10]""", "9.99999", true)]
    [InlineData("""["<",10]""", "10", false)]
    [InlineData("""["<=",10]""", "10", true)]
    [InlineData("""["<=",10]""", "10.00001", false)]
    [InlineData("""[">",10]""", "10.00001", true)]
    [InlineData("""[">",10]""", "10", false)]
    [InlineData("""[">=",10]""", "1e1", true)]
    [InlineData("""[">=",10]""", "9.99999", false)]
    [InlineData("""[">",0,"<=",150]""", "0", false)]
    [InlineData("""[">",0,"<=",150]""", "0.00001", true)]
    [InlineData("""[">",0,"<=",150]""", "150", true)]
    [InlineData("""[">",0,"<=",150]""", "150.1", false)]
    [InlineData("""[">=",0,"<",150]""", "0", true)]
    [InlineData("""[">=",0,"<",150]""", "150", false)]
    [InlineData("""["=",-1000000000]""", "-1e9", true)]
    [InlineData("""["=",1000000000]""", "1000000000", true)]
    [InlineData("""[">",1000000000]""", "1e400", true)]
    [InlineData("""[">",0]""", "-1e400", false)]
    [InlineData("""["<",-1000000000]""", "-1e400", true)]
    [InlineData("""["=",0.00001]""", "0.00001", true)]
    [InlineData("""[">",0]""", "true", false)]
    [InlineData("""["<",1]""", "null", false)]
    public void Numeric(string operand, string value, bool expected) => Assert.Equal(expected, Matches($$"""[{"numeric":{{operand}}}]""", value));

    [Theory]
    [InlineData("\"rugby\"", "\"rugby\"", false)]
    [InlineData("\"rugby\"", "\"rugby \"", true)]
    [InlineData("\"rugby\"", "5", true)]
    [InlineData("\"rugby\"", "null", true)]
    [InlineData("\"rugby\"", "true", true)]
    [InlineData("""["rugby","tennis"]""", "\"tennis\"", false)]
    [InlineData("""["rugby","tennis"]""", "\"golf\"", true)]
    [InlineData("100", "1e2", false)]
    [InlineData("100", "101", true)]
    [InlineData("100", "\"100\"", true)]
    [InlineData("[100,500]", "500", false)]
    [InlineData("[100,500]", "500.1", true)]
    [InlineData("""{"prefix":"bas"}""", "\"baseball\"", false)]
    [InlineData("""{"prefix":"bas"}""", "\"rugby\"", true)]
    [InlineData("""{"prefix":["bas","rug"]}""", "\"rugby\"", false)]
    [InlineData("""{"prefix":["bas","rug"]}""", "\"golf\"", true)]
    [InlineData("""{"suffix":"ball"}""", "\"baseball\"", false)]
    [InlineData("""{"suffix":["ball","by"]}""", "\"rugby\"", false)]
    [InlineData("""{"suffix":["ball","by"]}""", "\"golf\"", true)]
    [InlineData("""{"wildcard":"*b*"}""", "\"rugby\"", false)]
    [InlineData("""{"wildcard":"*b*"}""", "\"golf\"", true)]
    [InlineData("""{"wildcard":["*b*","g*f"]}""", "\"golf\"", false)]
    [InlineData("""{"equals-ignore-case":"Rugby"}""", "\"rugbY\"", false)]
    [InlineData("""{"equals-ignore-case":["Rugby","golf"]}""", "\"GOLF\"", false)]
    [InlineData("""{"equals-ignore-case":["Rugby","golf"]}""", "\"tennis\"", true)]
    public void Anything_but(string operand, string value, bool expected) => Assert.Equal(expected, Matches($$"""[{"anything-but":{{operand}}}]""", value));

    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.255", true)]
    [InlineData("10.0.0.0/24", "10.0.1.0", false)]
    [InlineData("10.0.0.0/24", "9.255.255.255", false)]
    [InlineData("10.0.0.0/24", "10.0.0.256", false)]
    [InlineData("10.0.0.0/24", "10.0.0", false)]
    [InlineData("10.0.0.0/24", "10.0.0.1.2", false)]
    [InlineData("10.0.0.0/24", "010.0.0.1", false)]
    [InlineData("10.0.0.0/24", "10.0.0.1 ", false)]
    [InlineData("10.0.0.0/24", "", false)]
    [InlineData("10.0.0.7/30", "10.0.0.4", true)]
    [InlineData("10.0.0.7/30", "10.0.0.3", false)]
    [InlineData("10.0.0.7/30", "10.0.0.8", false)]
    [InlineData("10.0.0.1/32", "10.0.0.1", true)]
    [InlineData("10.0.0.1/32", "10.0.0.0", false)]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("2001:db8:1234:1a00::/64", "2001:0db8:1234:1a00:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1234:1a00::/64", "2001:DB8:1234:1A00::", true)]
    [InlineData("2001:db8:1234:1a00::/64", "2001:db8:1234:1a01::", false)]
    [InlineData("2001:db8:1234:1a00::/64", "2001:db8:1234:19ff:ffff:ffff:ffff:ffff", false)]
    [InlineData("::1/128", "0:0:0:0:0:0:0:1", true)]
    [InlineData("::1/128", "::2", false)]
    [InlineData("::/0", "fe80::1", true)]
    [InlineData("::/0", "1:2:3:4:5:6:7:8", true)]
    [InlineData("::/0", "1::2::3", false)]
    [InlineData("::/0", "1:2:3:4:5:6:7::", true)]
    [InlineData("::/0", "1:2:3:4::5:6:7:8", false)]
    [InlineData("::/0", "1:2:3:4:5:6:7:8:9", false)]
    [InlineData("::/0", "1:2:3:4:5:6:7", false)]
    [InlineData("::/0", ":1", false)]
    [InlineData("::/0", "12345::", false)]
    [InlineData("::/0", "g::", false)]
    [InlineData("::/0", "::1%eth0", false)]
    [InlineData("::/0", "10.0.0.1", false)]
    public void Addresses(string range, string address, bool expected) => Assert.Equal(expected, Matches($$"""[{"cidr":{{Quote(range)}}}]""", Quote(address)));

    [Theory]
    [InlineData("\"\"")]
    [InlineData("0")]
    [InlineData("false")]
    [InlineData("null")]
    public void Exists_sees_every_value(string value)
    {
        Assert.True(Matches("""[{"exists":true}]""", value));
        Assert.False(Matches("""[{"exists":false}]""", value));
    }

    [Fact]
    public void One_alternative_of_several_is_enough()
    {
        const string Alternatives = """["a",5,true,null,{"prefix":"x"},{"numeric":[">",100]},{"cidr":"10.0.0.0/8"},{"suffix":"z"}]""";
        foreach (string value in new[] { "\"a\"", "5", "true", "null", "\"xy\"", "101", "\"10.1.2.3\"", "\"yz\"" })
            Assert.True(Matches(Alternatives, value), value);
        foreach (string value in new[] { "\"b\"", "6", "false", "100", "\"11.1.2.3\"" })
            Assert.False(Matches(Alternatives, value), value);
    }
}
