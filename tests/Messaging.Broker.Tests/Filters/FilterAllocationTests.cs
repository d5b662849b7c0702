using System.Text;
using Messaging.Broker.Filters;

namespace Messaging.Broker.Tests.Filters;

public sealed class FilterAllocationTests
{
    private const string Keys = """
        "a":["x",5,{"prefix":"y"},{"wildcard":"*a*b*"},{"numeric":[">",0,"<=",100]},{"cidr":"10.0.0.0/8"},{"anything-but":["q"]},{"exists":true}],
        "b":[{"equals-ignore-case":"Ärger"}],"$or":[{"c":[{"cidr":"::/0"}]},{"d":[{"exists":false}]}]
        """;

    [Fact]
    public void A_match_of_a_body_allocates_nothing()
    {
        FilterPolicy policy = FilterCalls.Policy($$"""{{{Keys}},"n":{"m.o":["z"]} }""", FilterScope.Body);
        byte[] taken = Encoding.UTF8.GetBytes("""{"a":["k",7,"10.1.1.1",-1e400],"b":"ÄRGER","c":"::1","n":[{"m":{"o":"\u007a"}}],"more":[{"x":[1,2,{"y":"z"}]}]}""");
        byte[] refused = Encoding.UTF8.GetBytes("""{"a":"q","b":"x","d":1}""");
        AllocatesNothing(() =>
        {
            Assert.True(policy.MatchesBody(taken));
            Assert.False(policy.MatchesBody(refused));
        });
    }

    [Fact]
    public void A_match_of_attributes_allocates_nothing()
    {
        FilterPolicy policy = FilterCalls.Policy($$"""{{{Keys}} }""", FilterScope.Attributes);
        var attributes = new TestAttributes(
        [
            new("a", FilterValueKind.Number, "7.5"), new("b", FilterValueKind.StringArray, """["x",["\u00e4rger"]]"""), new("c", FilterValueKind.String, "::1"),
            new("d", FilterValueKind.Binary, "1"),
        ]);
        AllocatesNothing(() => Assert.True(policy.MatchesAttributes(attributes)));
    }

    [Fact]
    public void A_search_in_an_index_allocates_nothing()
    {
        var bodies = new FilterIndex<string>(FilterScope.Body);
        var attributes = new FilterIndex<string>(FilterScope.Attributes);
        foreach (string policy in (string[])["""{"a":["x"]}""", """{"b":["y"],"c":["z"]}""", """{"b":["y"],"a":[{"exists":false}]}""", """{"c":["w","z"]}"""])
        {
            bodies.Add(FilterCalls.Policy(policy, FilterScope.Body), policy);
            attributes.Add(FilterCalls.Policy(policy, FilterScope.Attributes), policy);
        }

        byte[] body = Encoding.UTF8.GetBytes("""{"a":["x","x"],"b":"y","c":"z"}""");
        var message = new TestAttributes([new("a", FilterValueKind.StringArray, """["x","x"]"""), new("b", FilterValueKind.String, "y"), new("c", FilterValueKind.String, "z")]);
        var matches = new HashSet<string>();
        AllocatesNothing(() =>
        {
            matches.Clear();
            bodies.CollectBody(body, matches);
            Assert.True(matches.Count == 3);
            attributes.CollectAttributes(message, matches);
            Assert.True(matches.Count == 3);
        });
    }

    [Fact]
    public void A_long_name_costs_its_values_nothing()
    {
        byte[] json = Encoding.UTF8.GetBytes($$"""{"{{new string('k', 100_000)}}":[{{string.Join(',', Enumerable.Repeat("""{"exists":true}""", 9_000))}}]}""");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(FilterPolicy.Parse(json, FilterScope.Body, FilterLimits.Sns with { CombinationsMax = 10_000 }, out FilterPolicy? _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1_048_576);
    }

    // Some round: while the runtime still compiles the code, it charges its own memory to the thread now and then.
    private static void AllocatesNothing(Action match)
    {
        long allocated = long.MaxValue;
        for (int round = 0; round < 20 && allocated > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 200; i++)
                match();
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, allocated);
    }
}
