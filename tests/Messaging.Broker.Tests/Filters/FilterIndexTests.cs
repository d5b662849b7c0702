using System.Text;
using Messaging.Broker.Filters;

namespace Messaging.Broker.Tests.Filters;

public sealed class FilterIndexTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 12));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Bodies_find_what_asking_each_policy_finds(int seed)
    {
        var index = new FilterIndex<int>(FilterScope.Body);
        CheckAgainstAll(seed, FilterScope.Body, index, filters =>
        {
            byte[] body = Encoding.UTF8.GetBytes(filters.Body().ToJsonString());
            var matches = new HashSet<int>();
            index.CollectBody(body, matches);
            return (policy => policy.MatchesBody(body), matches);
        });
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Attributes_find_what_asking_each_policy_finds(int seed)
    {
        var index = new FilterIndex<int>(FilterScope.Attributes);
        CheckAgainstAll(seed, FilterScope.Attributes, index, filters =>
        {
            var attributes = new TestAttributes(filters.Attributes());
            var matches = new HashSet<int>();
            index.CollectAttributes(attributes, matches);
            return (policy => policy.MatchesAttributes(attributes), matches);
        });
    }

    [Theory]
    [InlineData("""{"a":{"b.c":"x"}}""", true)]
    [InlineData("""{"a.b":[[{"c":["y","\u0078"]}]]}""", true)]
    [InlineData("""{"a":{"b":{"c":"x"}},"a.b.c":"x"}""", true)]
    [InlineData("""{"long name of another key":{"a":1},"a":{"longer":"x","b":{"c":"x"}}}""", true)]
    [InlineData("""{"a":{"b":{"c":"y"}}}""", false)]
    [InlineData("""{"a":{"b":{"c":{"d":"x"}}}}""", false)]
    [InlineData("""{"a":{"b":["x"]},"c":"x"}""", false)]
    [InlineData("""{"a":{"b":{"c":"x"}}""", false)]
    [InlineData("""[{"a":{"b":{"c":"x"}}}]""", false)]
    public void An_anchor_is_found_wherever_its_path_leads(string body, bool expected)
    {
        var index = new FilterIndex<string>(FilterScope.Body);
        index.Add(FilterCalls.Policy("""{"a":{"b":{"c":["x"]}}}""", FilterScope.Body), "item");
        Assert.Equal(expected, Collect(index, body).Count == 1);
    }

    [Fact]
    public void What_was_removed_is_found_no_more_and_its_neighbours_still_are()
    {
        var index = new FilterIndex<string>(FilterScope.Body);
        FilterPolicy anchored = FilterCalls.Policy("""{"a":["x","y"]}""", FilterScope.Body);
        FilterPolicy free = FilterCalls.Policy("""{"a":[{"prefix":"x"}]}""", FilterScope.Body);
        foreach (string item in new[] { "one", "two" })
        {
            index.Add(anchored, item);
            index.Add(free, item + " free");
        }
        index.Add(anchored, "one");
        Assert.Equal(["one", "one free", "two", "two free"], Collect(index, """{"a":["x","y"]}""").Order());
        Assert.True(index.Remove(anchored, "one"));
        Assert.True(index.Remove(free, "two free"));
        Assert.False(index.Remove(anchored, "one"));
        Assert.False(index.Remove(free, "two free"));
        Assert.False(index.Remove(FilterCalls.Policy("""{"b":["x"]}""", FilterScope.Body), "one"));
        Assert.Equal(["one free", "two"], Collect(index, """{"a":["x","y"]}""").Order());
        Assert.True(index.Remove(anchored, "two"));
        Assert.Equal(["one free"], Collect(index, """{"a":["x","y"]}"""));
        index.Add(anchored, "three");
        Assert.Equal(["three"], Collect(index, """{"a":"y"}"""));
    }

    [Fact]
    public void Of_many_policies_only_those_that_match_are_found()
    {
        var index = new FilterIndex<int>(FilterScope.Body);
        FilterPolicy[] policies = [.. Enumerable.Range(0, 20_000).Select(i => FilterCalls.Policy(
            $$"""{"customer":["customer {{i / 2}}"],"total":[{"numeric":[">",{{i % 2 * 10}}]}]}""", FilterScope.Body))];
        for (int i = 0; i < policies.Length; i++)
            index.Add(policies[i], i);
        Assert.Equal([19_998, 19_999], Collect(index, """{"customer":["customer 9999","none"],"total":[3,11],"more":"customer 7000"}""").Order());
        Assert.Equal([14_000, 19_998], Collect(index, """{"customer":["customer 9999","customer 7000"],"total":3}""").Order());
        for (int i = 0; i < policies.Length; i += 2)
            Assert.True(index.Remove(policies[i], i));
        Assert.Equal([14_001, 19_999], Collect(index, """{"customer":["customer 9999","customer 7000"],"total":30}""").Order());
    }

    [Theory]
    [InlineData("""{"a":["x"],"b":["y"]}""")]
    [InlineData("""{"a":["x","y","z"],"b":[{"prefix":"y"}]}""")]
    public async Task What_a_body_says_many_times_asks_a_policy_once(string policy)
    {
        var index = new FilterIndex<string>(FilterScope.Body);
        index.Add(FilterCalls.Policy(policy, FilterScope.Body), "item");
        string body = $$"""{"a":[{{string.Join(',', Enumerable.Repeat("""
            "x","y","z"
            """, 80_000))}}]}""";
        // Asked for each of 240,000 texts it would read the whole body each time: for hours.
        Assert.Empty(await Task.Run(() => Collect(index, body)).WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Theory]
    [InlineData("""{"a":["x"],"b":["y"]}""", 2)]
    [InlineData("""{"a":["x","y","z"],"b":[{"prefix":"y"}]}""", 3)]
    [InlineData("""{"a":["x","y","z"],"b":[{"exists":false}]}""", 2)]
    public void What_attributes_say_many_times_asks_a_policy_once(string policy, int walksMax)
    {
        var index = new FilterIndex<string>(FilterScope.Attributes);
        index.Add(FilterCalls.Policy(policy, FilterScope.Attributes), "item");
        string array = $"[{string.Join(',', Enumerable.Repeat("\"x\",\"y\",\"z\"", 100))}]";
        var counter = new AccessCounter();
        var attributes = new CountedAttributes(new TestAttributes([new("a", FilterValueKind.StringArray, array), new("a", FilterValueKind.String, "x")]), counter);
        index.CollectAttributes(attributes, []);
        Assert.InRange(counter.Count, 0, walksMax * attributes.Count);
    }

    [Fact]
    public void A_body_that_says_more_texts_than_are_remembered_without_memory_finds_them_all()
    {
        var index = new FilterIndex<int>(FilterScope.Body);
        for (int i = 0; i < 100; i++)
            index.Add(FilterCalls.Policy($$"""{"a":["{{i}}","{{i + 1}}"],"b":[{"numeric":["=",{{i % 2}}]}]}""", FilterScope.Body), i);
        string texts = string.Join(',', Enumerable.Range(0, 100).Concat(Enumerable.Range(0, 100)).Select(i => $"\"{i}\""));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => 2 * i), Collect(index, $$"""{"a":[{{texts}}],"b":0}""").Order());
    }

    [Fact]
    public async Task Readers_find_what_stays_while_a_writer_changes_the_rest()
    {
        var index = new FilterIndex<int>(FilterScope.Body);
        FilterPolicy stays = FilterCalls.Policy("""{"a":["x"]}""", FilterScope.Body);
        FilterPolicy staysFree = FilterCalls.Policy("""{"a":[{"prefix":"x"}]}""", FilterScope.Body);
        FilterPolicy[] passing = [.. Enumerable.Range(0, 50).Select(i => FilterCalls.Policy(
            i % 2 == 0 ? $$"""{"a":["x","{{i}}"]}""" : $$"""{"p{{i}}":[{"exists":false}]}""", FilterScope.Body))];
        index.Add(stays, -1);
        index.Add(staysFree, -2);
        using var done = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                HashSet<int> matches = Collect(index, """{"a":"x"}""");
                Assert.Contains(-1, matches);
                Assert.Contains(-2, matches);
            }
        }))];
        var random = new Random(1);
        var present = new HashSet<int>();
        for (int turn = 0; turn < 20_000; turn++)
        {
            int i = random.Next(passing.Length);
            if (present.Add(i))
                index.Add(passing[i], i);
            else
                Assert.Equal(present.Remove(i), index.Remove(passing[i], i));
        }
        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(present.Append(-1).Append(-2).Order(), Collect(index, """{"a":"x"}""").Order());
    }

    private static void CheckAgainstAll(
        int seed, FilterScope scope, FilterIndex<int> index, Func<RandomFilters, (Func<FilterPolicy, bool> Asked, HashSet<int> Found)> collect)
    {
        var random = new Random(seed);
        var filters = new RandomFilters(seed);
        var policies = new Dictionary<int, FilterPolicy>();
        int found = 0;
        for (int turn = 0; turn < 400; turn++)
        {
            byte[] json = Encoding.UTF8.GetBytes(random.Next(3) == 0 ? filters.Policy(nests: scope == FilterScope.Body).ToJsonString() : Anchored(random));
            if (FilterPolicy.Parse(json, scope, FilterLimits.Native, out FilterPolicy? policy) is null)
            {
                policies.Add(turn, policy!);
                index.Add(policy!, turn);
            }
            int victim = random.Next(turn + 1);
            if (random.Next(2) == 0 && policies.Remove(victim, out FilterPolicy? removed))
                Assert.True(index.Remove(removed, victim));
            (Func<FilterPolicy, bool> asked, HashSet<int> matches) = collect(filters);
            Assert.Equal(policies.Where(pair => asked(pair.Value)).Select(pair => pair.Key).Order(), matches.Order());
            found += matches.Count;
        }
        Assert.InRange(policies.Values.Count(policy => policy.Anchor is not null), 50, 400);
        Assert.InRange(found, 400, int.MaxValue);
    }

    private static string Anchored(Random random) => random.Next(3) switch
    {
        0 => """{"a":["x","xy"]}""",
        1 => """{"b":["X"],"c":[{"exists":true}]}""",
        _ => """{"a":["ä"],"$or":[{"b":[{"anything-but":"x"}]},{"c":[{"exists":false}]}]}""",
    };

    private static HashSet<T> Collect<T>(FilterIndex<T> index, string body)
        where T : notnull
    {
        var matches = new HashSet<T>();
        index.CollectBody(Encoding.UTF8.GetBytes(body), matches);
        return matches;
    }

    private sealed class AccessCounter
    {
        public int Count { get; set; }
    }

    private readonly struct CountedAttributes(TestAttributes attributes, AccessCounter counter) : IFilterAttributes
    {
        public int Count => attributes.Count;

        public FilterAttribute this[int index]
        {
            get
            {
                counter.Count++;
                return attributes[index];
            }
        }
    }
}
