using System.Text.Json.Nodes;
using Messaging.Broker.Filters;

namespace Messaging.Broker.Tests.Filters;

/// <summary>Random policies and messages of few names and few values, so that they meet often. The seed replays them.</summary>
internal sealed class RandomFilters(int seed)
{
    private static readonly string[] Names = ["a", "b", "c", "d"];
    private static readonly string[] Texts = ["", "x", "X", "xy", "yx", "xyx", "ä", "Ä", "1", "true", "10.0.0.1", "10.0.1.1", "::1", "::ff", "a\"\\b"];
    private static readonly double[] Numbers = [0, 1, -1, 1.5, 1e3, 0.00001];
    private static readonly string[] TextOperators = ["prefix", "suffix", "equals-ignore-case", "wildcard"];
    private static readonly string[] Patterns = ["*", "x*", "*x", "x*x", "*y*", "xy", "*x*y*"];
    private static readonly string[] Ranges = ["10.0.0.0/24", "10.0.0.0/8", "10.0.0.1/32", "::/0", "::/120"];

    private readonly Random _random = new(seed);
    // Names of keys are each used once on the way down, as a policy that repeats one is refused.
    private int _fresh;

    public JsonObject Policy(bool nests) => Clause(nests, depth: 0);

    public JsonObject Body() => Object(depth: 0);

    public TestAttribute[] Attributes() => Names.Concat(["e1", "e2", "e3"]).Where(_ => _random.Next(3) > 0).Select(name => (FilterValueKind)_random.Next(4) switch
    {
        FilterValueKind.Number => new TestAttribute(name, FilterValueKind.Number, Number().ToJsonString()),
        FilterValueKind.StringArray => new TestAttribute(name, FilterValueKind.StringArray, Array(depth: 3).ToJsonString()),
        FilterValueKind kind => new TestAttribute(name, kind, Pick(Texts)),
    }).ToArray();

    private JsonObject Clause(bool nests, int depth)
    {
        var clause = new JsonObject();
        foreach (string name in Names.Where(_ => _random.Next(5 + depth) == 0))
            clause[name] = nests && depth < 3 && _random.Next(2) == 0 ? Clause(nests, depth + 1) : Alternatives();
        if (depth < 3 && _random.Next(4) == 0)
            clause["$or"] = new JsonArray(Enumerable.Range(0, _random.Next(2, 4)).Select(_ => (JsonNode)Choice(nests, depth + 1)).ToArray());
        if (clause.Count == 0)
            clause[Pick(Names)] = Alternatives();
        return clause;
    }

    // Names that nothing beside or above uses, and that messages have.
    private JsonObject Choice(bool nests, int depth)
    {
        var clause = new JsonObject { [$"e{1 + (_fresh++ % 3)}{(depth > 1 ? depth : "")}"] = Alternatives() };
        if (nests && _random.Next(2) == 0)
            clause[$"f{_fresh++}"] = new JsonArray(new JsonObject { ["exists"] = false });
        return clause;
    }

    private JsonArray Alternatives() => new(Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Alternative()).ToArray());

    private JsonNode? Alternative() => _random.Next(8) switch
    {
        < 3 => Scalar(),
        3 => new JsonObject { ["exists"] = _random.Next(2) == 0 },
        4 => new JsonObject { ["numeric"] = Range() },
        5 => new JsonObject { ["cidr"] = Pick(Ranges) },
        6 => new JsonObject { ["anything-but"] = Excluded() },
        _ => TextExpression(),
    };

    private JsonObject TextExpression()
    {
        string name = Pick(TextOperators);
        return new JsonObject { [name] = name == "wildcard" ? Pick(Patterns) : Pick(Texts) };
    }

    private JsonNode Excluded() => _random.Next(4) switch
    {
        0 => Pick(Texts),
        1 => new JsonArray(Number(), Number()),
        2 => new JsonArray(Pick(Texts), Pick(Texts)),
        _ => new JsonObject { ["wildcard"] = new JsonArray(Pick(Patterns), Pick(Patterns)) },
    };

    private JsonArray Range() => _random.Next(3) switch
    {
        0 => [">", -1, "<=", 1.5],
        1 => [">=", Number()],
        _ => ["=", Number()],
    };

    private JsonObject Object(int depth)
    {
        var body = new JsonObject();
        foreach (string name in Names.Concat(["a.b", "b.c", "e1", "e2", "e3", "e12"]).Where(_ => _random.Next(2) == 0))
            body[name] = Value(depth);
        return body;
    }

    private JsonNode? Value(int depth) => depth > 3 ? Scalar() : _random.Next(4) switch
    {
        0 => Object(depth + 1),
        1 => Array(depth + 1),
        _ => Scalar(),
    };

    private JsonArray Array(int depth) => new(Enumerable.Range(0, _random.Next(4)).Select(_ => Value(depth)).ToArray());

    private JsonNode? Scalar() => _random.Next(6) switch
    {
        0 => Number(),
        1 => JsonValue.Create(_random.Next(2) == 0),
        2 => null,
        _ => Pick(Texts),
    };

    private JsonNode Number() => JsonValue.Create(Pick(Numbers));

    private T Pick<T>(T[] all) => all[_random.Next(all.Length)];
}
