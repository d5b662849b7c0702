using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Messaging.Broker.Filters;

namespace Messaging.Broker.Tests.Filters;

/// <summary>
/// Filter policies as one would write them down first: the message as a dictionary from dotted names to all values there, the policy asked key by key. Slow,
/// allocating, and by other means than the real one: the judge of the property tests.
/// </summary>
internal static class NaiveFilter
{
    public static bool TakesBody(JsonElement policy, JsonElement body)
    {
        var values = new Dictionary<string, List<JsonElement>>();
        Flatten(body, "", values);
        return Holds(policy, "", name => values.GetValueOrDefault(name) ?? []);
    }

    public static bool TakesAttributes(JsonElement policy, IReadOnlyList<TestAttribute> attributes) => Holds(policy, "", name => attributes
        .Where(attribute => attribute.Name == name && attribute.Kind != FilterValueKind.Binary)
        .SelectMany(attribute => Values(attribute)).ToList());

    private static IEnumerable<JsonElement> Values(TestAttribute attribute)
    {
        string json = attribute.Kind == FilterValueKind.String ? JsonSerializer.Serialize(attribute.Value) : attribute.Value;
        var values = new Dictionary<string, List<JsonElement>>();
        Flatten(JsonDocument.Parse(json).RootElement, "", values);
        return values.GetValueOrDefault("") ?? [];
    }

    private static void Flatten(JsonElement value, string name, Dictionary<string, List<JsonElement>> values)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in value.EnumerateObject())
                Flatten(member.Value, name.Length == 0 ? member.Name : $"{name}.{member.Name}", values);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement element in value.EnumerateArray())
                Flatten(element, name, values);
        }
        else
        {
            (values.TryGetValue(name, out List<JsonElement>? all) ? all : values[name] = []).Add(value);
        }
    }

    private static bool Holds(JsonElement clause, string name, Func<string, List<JsonElement>> find) => clause.EnumerateObject().All(member =>
    {
        string key = name.Length == 0 ? member.Name : $"{name}.{member.Name}";
        if (member.Name == "$or")
            return member.Value.EnumerateArray().Any(alternative => Holds(alternative, name, find));
        if (member.Value.ValueKind == JsonValueKind.Object)
            return Holds(member.Value, key, find);
        List<JsonElement> values = find(key);
        return member.Value.EnumerateArray().Any(alternative =>
            alternative.ValueKind == JsonValueKind.Object && alternative.TryGetProperty("exists", out JsonElement exists)
                ? exists.GetBoolean() == (values.Count > 0)
                : values.Any(value => Matches(alternative, value)));
    });

    private static bool Matches(JsonElement alternative, JsonElement value)
    {
        if (alternative.ValueKind != JsonValueKind.Object)
            return Same(alternative, value);
        JsonProperty expression = alternative.EnumerateObject().Single();
        return expression.Name switch
        {
            "anything-but" => !Excludes(expression.Value, value),
            "numeric" => value.ValueKind == JsonValueKind.Number && InRange(expression.Value, value.GetDouble()),
            string name => value.ValueKind == JsonValueKind.String && Text(name, expression.Value.GetString()!, value.GetString()!),
        };
    }

    private static bool Excludes(JsonElement operand, JsonElement value)
    {
        if (operand.ValueKind == JsonValueKind.Object)
        {
            JsonProperty expression = operand.EnumerateObject().Single();
            return value.ValueKind == JsonValueKind.String && Each(expression.Value).Any(one => Text(expression.Name, one.GetString()!, value.GetString()!));
        }
        return Each(operand).Any(one => Same(one, value));
    }

    private static IEnumerable<JsonElement> Each(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];

    private static bool Same(JsonElement left, JsonElement right) => left.ValueKind == right.ValueKind && left.ValueKind switch
    {
        JsonValueKind.String => left.GetString() == right.GetString(),
        JsonValueKind.Number => left.GetDouble() == right.GetDouble(),
        _ => true,
    };

    private static bool InRange(JsonElement operand, double value)
    {
        for (int i = 0; i < operand.GetArrayLength(); i += 2)
        {
            double bound = operand[i + 1].GetDouble();
            bool holds = operand[i].GetString() switch
            {
                "<" => value < bound,
                "<=" => value <= bound,
                ">" => value > bound,
                ">=" => value >= bound,
                _ => value == bound,
            };
            if (!holds)
                return false;
        }
        return true;
    }

    private static bool Text(string name, string operand, string value) => name switch
    {
        "prefix" => value.StartsWith(operand, StringComparison.Ordinal),
        "suffix" => value.EndsWith(operand, StringComparison.Ordinal),
        "equals-ignore-case" => value.Equals(operand, StringComparison.OrdinalIgnoreCase),
        "wildcard" => Regex.IsMatch(value, $"^{Regex.Escape(operand).Replace(@"\*", ".*", StringComparison.Ordinal)}\\z", RegexOptions.Singleline),
        "cidr" => IPAddress.TryParse(value, out IPAddress? address) && IPNetwork.Parse(operand).Contains(address),
        _ => throw new ArgumentException(name),
    };
}
