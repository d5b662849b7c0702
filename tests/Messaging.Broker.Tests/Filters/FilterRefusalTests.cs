using System.Text;
using Messaging.Broker.Filters;
using static Messaging.Broker.Tests.Filters.FilterCalls;

namespace Messaging.Broker.Tests.Filters;

public sealed class FilterRefusalTests
{
    private const string Range = "Value must be between -1000000000 and 1000000000, with at most 5 digits behind the point";

    [Theory]
    [InlineData("", "failed to parse JSON.", "")]
    [InlineData("{invalidjson}", "failed to parse JSON.", "")]
    [InlineData("""{"a":["x"]} x""", "failed to parse JSON.", "")]
    [InlineData("""{"a":["\ud800"]}""", "failed to parse JSON.", "")]
    [InlineData("[]", "Filter is not an object", "")]
    [InlineData("\"a\"", "Filter is not an object", "")]
    [InlineData("{}", "Empty objects are not allowed", "")]
    [InlineData("""{"a":{}}""", "Empty objects are not allowed", "a")]
    [InlineData("""{"a":[]}""", "Empty arrays are not allowed", "a")]
    [InlineData("""{"a":"x"}""", "\"a\" must be an object or an array", "a")]
    [InlineData("""{"a":{"suffix":"x"}}""", "\"suffix\" must be an object or an array", "a.suffix")]
    [InlineData("""{"a":["x",["y"]]}""", "Match value must be String, number, true, false, or null", "a[1]")]
    [InlineData("""{"a":[1e30]}""", "Cannot compare number : 1e30", "a[0]")]
    [InlineData("""{"a":[{}]}""", "Match expression name not found", "a[0]")]
    [InlineData("""{"a":[{"wrong":true}]}""", "Unrecognized match type wrong", "a[0].wrong")]
    [InlineData("""{"a":[{"suffix":"x","prefix":"y"}]}""", "Only one key allowed in match expression", "a[0]")]
    [InlineData("""{"a":[{"exists":true,"prefix":"y"}]}""", "Only one key allowed in match expression", "a[0]")]
    [InlineData("""{"a":[{"prefix":1}]}""", "prefix match pattern must be a string", "a[0].prefix")]
    [InlineData("""{"a":[{"suffix":["x"]}]}""", "suffix match pattern must be a string", "a[0].suffix")]
    [InlineData("""{"a":[{"equals-ignore-case":null}]}""", "equals-ignore-case match pattern must be a string", "a[0].equals-ignore-case")]
    [InlineData("""{"a":[{"wildcard":5}]}""", "wildcard match pattern must be a string", "a[0].wildcard")]
    [InlineData("""{"a":[{"wildcard":"x**"}]}""", "Consecutive wildcard characters at pos 1", "a[0].wildcard")]
    [InlineData("""{"a":[{"wildcard":"x\\y"}]}""", "Invalid escape character at pos 1", "a[0].wildcard")]
    [InlineData("""{"a":[{"wildcard":"xy\\"}]}""", "Invalid escape character at pos 2", "a[0].wildcard")]
    [InlineData("""{"a":[{"exists":"no"}]}""", "exists match pattern must be either true or false.", "a[0].exists")]
    [InlineData("""{"a":[{"exists":null}]}""", "exists match pattern must be either true or false.", "a[0].exists")]
    public void What_is_no_policy(string json, string reason, string path) => Refused(json, reason, path);

    [Theory]
    [InlineData("5", "Value of numeric must be an array.")]
    [InlineData("[]", "Invalid member in numeric match: ]")]
    [InlineData("[1,\"<=\"]", "Invalid member in numeric match: 1")]
    [InlineData("[\"operator\"]", "Unrecognized numeric range operator: operator")]
    [InlineData("[\"=\"]", "Value of equals must be numeric")]
    [InlineData("[\"=\",\"000\"]", "Value of equals must be numeric")]
    [InlineData("[\">=\"]", "Value of >= must be numeric")]
    [InlineData("[\"=\",1,\"<\",2]", "Too many elements in numeric expression")]
    [InlineData("[\"<\",100,\">\",10]", "Too many elements in numeric expression")]
    [InlineData("[\">=\",1,\">\",2]", "Bad numeric range operator: >")]
    [InlineData("[\">\",3,\"<\",1]", "Bottom must be less than top")]
    [InlineData("[\">=\",3,\"<=\",3]", "Bottom must be less than top")]
    [InlineData("[\">\",20,\"<=\"]", "Value of <= must be numeric")]
    [InlineData("[\">\",20,30]", "Bad value in numeric range: 30")]
    [InlineData("[\">\",20,\"test\"]", "Bad numeric range operator: test")]
    [InlineData("[\">\",\"20\",\"<\",\"30\"]", "Value of > must be numeric")]
    [InlineData("[\">\",20,\"<\",\"30\"]", "Value of < must be numeric")]
    [InlineData("[\">\",20,\"<\",30,\"<\",50]", "Too many terms in numeric range expression")]
    [InlineData("[\"=\",1000000000.00001]", Range)]
    [InlineData("[\"=\",-1000000000.00001]", Range)]
    [InlineData("[\"=\",0.000001]", Range)]
    [InlineData("[\">\",0,\"<\",1e400]", Range)]
    public void Numeric(string operand, string reason) => Refused($$"""{"a":[{"numeric":{{operand}}}]}""", reason, "a[0].numeric");

    [Theory]
    [InlineData("null", "Value of anything-but must be an array or single string/number value.", "")]
    [InlineData("true", "Value of anything-but must be an array or single string/number value.", "")]
    [InlineData("[]", "Inside anything but list, either all values are number or string, mixed type is not supported", "")]
    [InlineData("[1,\"x\"]", "Inside anything but list, either all values are number or string, mixed type is not supported", "")]
    [InlineData("[null]", "Inside anything but list, start|null|boolean is not supported.", "")]
    [InlineData("[[\"x\"]]", "Inside anything but list, start|null|boolean is not supported.", "")]
    [InlineData("1000000001", Range, "")]
    [InlineData("[0.000001]", Range, "")]
    [InlineData("{}", "Anything-But expression name not found", "")]
    [InlineData("{\"exists\":false}", "Unsupported anything-but pattern: exists", "")]
    [InlineData("{\"prefix\":false}", "prefix match pattern must be a string", ".prefix")]
    [InlineData("{\"prefix\":[\"x\",5]}", "prefix match pattern must be a string", ".prefix")]
    [InlineData("{\"prefix\":[]}", "Empty arrays are not allowed", ".prefix")]
    [InlineData("{\"prefix\":\"\"}", "Null prefix/suffix not allowed", ".prefix")]
    [InlineData("{\"suffix\":[\"x\",\"\"]}", "Null prefix/suffix not allowed", ".suffix")]
    [InlineData("{\"wildcard\":\"**\"}", "Consecutive wildcard characters at pos 0", ".wildcard")]
    [InlineData("{\"prefix\":\"x\",\"suffix\":\"y\"}", "Only one key allowed in match expression", "")]
    public void Anything_but(string operand, string reason, string path) =>
        Refused($$"""{"a":[{"anything-but":{{operand}}}]}""", reason, "a[0].anything-but" + path);

    [Theory]
    [InlineData("5", "cidr match pattern must be a string")]
    [InlineData("\"10.0.0.0\"", "Malformed CIDR, one '/' required")]
    [InlineData("\"10.0.0.0/8/9\"", "Malformed CIDR, one '/' required")]
    [InlineData("\"bad-/64filter\"", "Malformed CIDR, mask bits must be an integer")]
    [InlineData("\"10.0.0.0/-1\"", "Malformed CIDR, mask bits must be an integer")]
    [InlineData("\"bad-filter/64\"", "Nonstandard IP address: bad-filter")]
    [InlineData("\"xx.11.xx/8\"", "Nonstandard IP address: xx.11.xx")]
    [InlineData("\"xxxx:db8::/64\"", "Nonstandard IP address: xxxx:db8::")]
    [InlineData("\"10.0.0.0/33\"", "Malformed CIDR, mask bits must be at most 32")]
    [InlineData("\"::/129\"", "Malformed CIDR, mask bits must be at most 128")]
    public void Address_ranges(string operand, string reason) => Refused($$"""{"a":[{"cidr":{{operand}}}]}""", reason, "a[0].cidr");

    [Theory]
    [InlineData("""{"$or":[]}""", "Empty arrays are not allowed", "$or")]
    [InlineData("""{"$or":[{"a":["x"]}]}""", "There must have at least 2 Objects in $or relationship.", "$or")]
    [InlineData("""{"$or":[{"a":["x"]},"y"]}""", "Unrecognized match type a", "$or[0].a")]
    [InlineData("""{"$or":[{"a":["x"]},{}]}""", "Empty objects are not allowed", "$or[1]")]
    [InlineData("""{"$or":[{"a":["x"]},{"b":[]}]}""", "Empty arrays are not allowed", "$or[1].b")]
    [InlineData("""{"$or":[{"a":["x"]},{"b":{"prefix":["y"]}}]}""", "prefix is a reserved name, which cannot be used inside $or.", "$or[1].b.prefix")]
    [InlineData("""{"$or":{"a":"x"}}""", "\"a\" must be an object or an array", "$or.a")]
    [InlineData("""{"a":["x"],"a":["y"]}""", "Path `a` cannot be allowed multiple times", "")]
    [InlineData("""{"a":{"b":["x"]},"a.b":["y"]}""", "Path `a.b` cannot be allowed multiple times", "")]
    [InlineData("""{"$or":[{"b":["x"]},{"a":["y"]}],"a":["z"]}""", "Path `a` cannot be allowed multiple times", "")]
    public void Choices_and_keys(string json, string reason, string path) => Refused(json, reason, path);

    [Fact]
    public void Clauses_of_one_choice_may_name_the_same_key() =>
        Assert.True(TakesBody("""{"$or":[{"a":["x"],"b":["y"]},{"a":["z"]}]}""", """{"a":"z"}"""));

    [Fact]
    public void Attributes_do_not_nest()
    {
        Assert.Equal(
            new FilterRefusal(FilterRefusalKind.NestedInAttributes, "Filter policy scope MessageAttributes does not support nested filter policy", "$or[1].a"),
            Refusal("""{"$or":[{"b":["x"]},{"a":{"b":["x"]}}]}""", FilterScope.Attributes));
        Refused("""{"a":{"b":"x"}}""", "\"b\" must be an object or an array", "a.b", FilterScope.Attributes);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused() =>
        Assert.Equal("failed to parse JSON.", Refusal([.. "{\"a\":[\""u8, 0xFF, .. "\"]}"u8]).Reason);

    [Fact]
    public void The_broker_says_where_in_the_request_it_is()
    {
        BrokerError whole = FilterPolicy.Parse("{}"u8, FilterScope.Body, FilterLimits.Native, "filter.policy").Error!;
        Assert.Equal(new BrokerError(ErrorCode.InvalidValue, "filter.policy: Empty objects are not allowed", "filter.policy"), whole);
        BrokerError part = FilterPolicy.Parse("""{"store":[{"numeric":["<"]}]}"""u8, FilterScope.Body, FilterLimits.Native, "filter.policy").Error!;
        Assert.Equal(
            new BrokerError(ErrorCode.InvalidValue, "filter.policy.store[0].numeric: Value of < must be numeric", "filter.policy.store[0].numeric"),
            part);
    }

    private static void Refused(string json, string reason, string path, FilterScope scope = FilterScope.Body) =>
        Assert.Equal(new FilterRefusal(FilterRefusalKind.Malformed, reason, path), Refusal(Encoding.UTF8.GetBytes(json), scope));
}
