using Messaging.Broker.Filters;
using static Messaging.Broker.Tests.Filters.FilterCalls;

namespace Messaging.Broker.Tests.Filters;

/// <summary>Each limit at its number and one over it. The numbers of combinations are Amazon's own examples and answers of the service.</summary>
public sealed class FilterLimitsTests
{
    [Fact]
    public void Keys()
    {
        static string Keys(int count) => $"{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"k{i}\":[\"x\"]"))}}}";
        Assert.True(IsTaken(Keys(5), FilterScope.Attributes, FilterLimits.Sns));
        Exceeds(Keys(6), "Filter policy can not have more than 5 keys");
        Assert.True(IsTaken(Keys(64), FilterScope.Attributes, FilterLimits.Native));
        Exceeds(Keys(65), "Filter policy can not have more than 64 keys", limits: FilterLimits.Native);
    }

    [Fact]
    public void Nested_keys_are_not_counted() =>
        Assert.True(IsTaken("""{"a":["1"],"b":["1"],"c":["1"],"d":["1"],"e":{"f":["1"],"g":["1"],"h":["1"]}}""", FilterScope.Body, FilterLimits.Sns));

    [Fact]
    public void Combinations_of_values()
    {
        static string Values(int first, int second) => $$"""{"a":{{Texts(first)}},"b":{{Texts(second)}}}""";
        Assert.True(IsTaken(Values(150, 1), FilterScope.Attributes, FilterLimits.Sns));
        Assert.True(IsTaken(Values(50, 3), FilterScope.Attributes, FilterLimits.Sns));
        Exceeds(Values(151, 1), "Filter policy is too complex", FilterScope.Attributes);
        Exceeds(Values(100, 51), "Filter policy is too complex", FilterScope.Attributes);
        Assert.True(IsTaken(Values(100, 99), FilterScope.Attributes, FilterLimits.Native with { ValuesMax = 200 }));
        Exceeds(Values(101, 100), "Filter policy is too complex", limits: FilterLimits.Native);
    }

    [Fact]
    public void Nesting_multiplies_combinations()
    {
        // 4 values three deep and 3 two deep and 3: 12 * 6 * 3.
        Combinations("""{"a":{"b":{"c":["1","2","3","4"]}},"d":{"e":["1","2","3"]},"f":["1","2","3"]}""", FilterScope.Body, 216);
        // A dot is no nesting to this number.
        Combinations("""{"a.b.c":["1","2"]}""", FilterScope.Body, 2);
    }

    [Fact]
    public void Choices_add_up_and_are_no_nesting()
    {
        Combinations($$"""{"s":{{Texts(4)}},"$or":[{"m":{{Texts(6)}}},{"t":{{Texts(4)}},"$or":[{"i":[1,2,3,4]},{"p":[1,2,3,4]}]}]}""", FilterScope.Attributes, 152);
        Combinations($$"""{"s":{{Texts(3)}},"$or":[{"m":{{Texts(6)}}},{"t":{{Texts(4)}},"$or":[{"i":[1,2,3,4]},{"p":{{Texts(7)}}}]}]}""", FilterScope.Attributes, 150);
        Combinations($$"""{"$or":[{"m":{{Texts(3)}}},{"n":{{Texts(2)}}}],"d":{"s":{{Texts(2)}},"$or":[{"o":["x"]},{"t":{{Texts(3)}}}]} }""", FilterScope.Body, 160);
    }

    [Fact]
    public void Combinations_beyond_all_numbers_are_too_many()
    {
        string keys = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"k{i}\":{Texts(100)}"));
        Exceeds($"{{{keys}}}", "Filter policy is too complex", limits: FilterLimits.Native);
    }

    [Fact]
    public void Bytes()
    {
        const int Max = 256 * 1024;
        string policy = $$"""{"a":["{{new string('x', Max - 10)}}"]}""";
        Assert.True(IsTaken(policy, FilterScope.Body, FilterLimits.Sns));
        Exceeds(policy + " ", "Filter policy can not have more than 262144 bytes");
    }

    [Fact]
    public void Wildcards_of_one_pattern()
    {
        Assert.True(IsTaken("""{"a":[{"wildcard":"*a*b*"}]}""", FilterScope.Body, FilterLimits.Sns));
        Exceeds("""{"a":[{"wildcard":"*a*b*c*"}]}""", "A pattern can not have more than 3 wildcards", path: "a[0].wildcard");
        Assert.True(IsTaken("""{"a":[{"wildcard":"\\*a*b*c*"}]}""", FilterScope.Body, FilterLimits.Sns));
    }

    [Fact]
    public void Wildcards_of_the_policy()
    {
        static string Stars(int single, string other) =>
            $$"""{"a":[{{string.Join(',', Enumerable.Range(0, single).Select(i => $$"""{"wildcard":"{{i}}*"}"""))}},{"anything-but":{"wildcard":"{{other}}"} }]}""";
        Assert.True(IsTaken(Stars(99, "*"), FilterScope.Body, FilterLimits.Sns));
        Exceeds(Stars(100, "*"), "The wildcards of a filter policy can not have more than 100 points", path: "a[100].anything-but.wildcard");
        Assert.True(IsTaken(Stars(94, "*x*"), FilterScope.Body, FilterLimits.Sns));
        Exceeds(Stars(95, "*x*"), "The wildcards of a filter policy can not have more than 100 points", path: "a[95].anything-but.wildcard");
    }

    [Fact]
    public void Conditions()
    {
        static string Conditions(int count) =>
            $$"""{"$or":[{"a":["x"]},{ {{string.Join(',', Enumerable.Range(0, count - 1).Select(i => $"\"k{i}\":[\"x\"]"))}} }]}""";
        Assert.True(IsTaken(Conditions(1_024), FilterScope.Body, FilterLimits.Sns));
        Exceeds(Conditions(1_025), "Filter policy can not have more than 1024 keys with values", path: "$or[1].k1023");
        Exceeds(Conditions(1_025), "Filter policy can not have more than 1024 keys with values", limits: FilterLimits.Sns with { ConditionsMax = 5_000 }, path: "$or[1].k1023");
    }

    [Fact]
    public void Depth()
    {
        static string Deep(int depth) => $$"""{{string.Concat(Enumerable.Repeat("{\"a\":", depth))}}["x"]{{new string('}', depth)}}""";
        string dots = string.Join('.', Enumerable.Repeat("a", 32));
        Assert.True(IsTaken(Deep(32), FilterScope.Body, FilterLimits.Native));
        Assert.True(TakesBody(Deep(32), $$"""{"{{dots}}":"x"}"""));
        Exceeds(Deep(33), "Filter policy can not nest keys deeper than 32", limits: FilterLimits.Native, path: dots + ".a");
        Exceeds($$"""{"{{dots}}.a":["x"]}""", "Filter policy can not nest keys deeper than 32", limits: FilterLimits.Native, path: dots + ".a");
        Assert.True(IsTaken($$"""{"{{dots}}.a":["x"]}""", FilterScope.Attributes, FilterLimits.Native));
    }

    [Fact]
    public void Values_and_patterns()
    {
        FilterLimits limits = FilterLimits.Native with { ValuesMax = 5, PatternsMax = 3 };
        Assert.True(IsTaken("""{"a":["1",{"anything-but":["1","2","3"]}]}""", FilterScope.Body, limits));
        Exceeds("""{"a":["1",{"anything-but":["1","2","3","4"]}]}""", "Filter policy can not have more than 5 values", limits: limits, path: "a[1].anything-but");
        Exceeds("""{"a":[1,2,3,4,5,6]}""", "Filter policy can not have more than 5 values", limits: limits, path: "a");
        Assert.True(IsTaken("""{"a":["1",{"anything-but":{"prefix":["1","2"]}},{"exists":true}]}""", FilterScope.Body, limits));
        Exceeds("""{"a":[{"anything-but":{"prefix":["1","2","3"]}}]}""", "Filter policy can not have more than 3 patterns", limits: limits, path: "a[0].anything-but.prefix");
        Exceeds("""{"a":[{"prefix":"1"},{"prefix":"2"},{"prefix":"3"},{"cidr":"::/0"}]}""", "Filter policy can not have more than 3 patterns", limits: limits, path: "a[3].cidr");
    }

    private static string Texts(int count) => $"[{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"v{i}\""))}]";

    private static void Combinations(string policy, FilterScope scope, long expected)
    {
        Assert.True(IsTaken(policy, scope, FilterLimits.Native with { CombinationsMax = expected }));
        Exceeds(policy, "Filter policy is too complex", scope, FilterLimits.Native with { CombinationsMax = expected - 1 });
    }

    private static void Exceeds(string policy, string reason, FilterScope scope = FilterScope.Body, FilterLimits? limits = null, string path = "") =>
        Assert.Equal(new FilterRefusal(FilterRefusalKind.LimitExceeded, reason, path), Refusal(policy, scope, limits ?? FilterLimits.Sns));
}
