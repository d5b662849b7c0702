using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Broker.Filters;

namespace Messaging.Broker.Tests.Filters;

/// <summary>Random policies over random messages decide as <see cref="NaiveFilter"/> does. The seed is in the name of the failing case and replays it.</summary>
public sealed class FilterPropertyTests
{
    private const int Turns = 500;

    private static readonly FilterLimits Wide = FilterLimits.Native with { CombinationsMax = long.MaxValue };

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 40));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Bodies_are_judged_as_the_naive_way_does(int seed)
    {
        var filters = new RandomFilters(seed);
        int taken = 0;
        int policies = 0;
        for (int turn = 0; turn < Turns; turn++)
        {
            string json = Text(filters.Policy(nests: true));
            // A name with a dot may say the same key twice, which is refused.
            if (FilterPolicy.Parse(Encoding.UTF8.GetBytes(json), FilterScope.Body, Wide, out FilterPolicy? policy) is { } refusal)
            {
                Assert.Contains("multiple times", refusal.Reason, StringComparison.Ordinal);
                continue;
            }
            policies++;
            string body = Text(filters.Body());
            bool expected = NaiveFilter.TakesBody(Json(json), Json(body));
            Assert.True(expected == policy!.MatchesBody(Encoding.UTF8.GetBytes(body)), $"{expected}: {json} of {body}");
            taken += expected ? 1 : 0;
        }
        Assert.InRange(policies, Turns / 2, Turns);
        Assert.InRange(taken, policies / 20, policies * 19 / 20);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Attributes_are_judged_as_the_naive_way_does(int seed)
    {
        var filters = new RandomFilters(seed);
        int taken = 0;
        for (int turn = 0; turn < Turns; turn++)
        {
            string json = Text(filters.Policy(nests: false));
            TestAttribute[] attributes = filters.Attributes();
            bool expected = NaiveFilter.TakesAttributes(Json(json), attributes);
            Assert.True(expected == FilterCalls.Takes(json, attributes), $"{expected}: {json} of {string.Join(", ", attributes.AsEnumerable())}");
            taken += expected ? 1 : 0;
        }
        Assert.InRange(taken, Turns / 20, Turns * 19 / 20);
    }

    private static string Text(JsonNode node) => node.ToJsonString();

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
