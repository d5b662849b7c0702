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

    private static void AllocatesNothing(Action match)
    {
        match();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
            match();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
