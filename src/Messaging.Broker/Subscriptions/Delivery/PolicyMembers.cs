using System.Text.Json;

namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>
/// One JSON object of a delivery policy while it is read. The first thing that is wrong with it, or with an object inside of it, is kept in what all of them share; what is read after that means nothing. In SNS's words
/// where they are known.
/// </summary>
internal readonly struct PolicyMembers(JsonElement element, string path, PolicyProblem problem)
{
    public bool Has(string name) => element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public void AllowOnly(params ReadOnlySpan<string> names)
    {
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (!names.Contains(member.Name)) problem.Say($"Unexpected JSON member: {member.Name}");
        }
    }

    /// <summary>Null where there is none, or it is null.</summary>
    public PolicyMembers? Object(string name)
    {
        if (!Has(name)) return null;
        JsonElement value = element.GetProperty(name);
        if (value.ValueKind == JsonValueKind.Object) return new PolicyMembers(value, PathOf(name), problem);
        Say(name, "must be a JSON object");
        return null;
    }

    public int? Integer(string name, int min, int max)
    {
        if (!Has(name)) return null;
        JsonElement value = element.GetProperty(name);
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long number)) return Say(name, "must be an integer");
        if (number < min) return Say(name, $"must be greater than or equal to {min}");
        if (number > max) return Say(name, $"must be less than or equal to {max}");
        return (int)number;
    }

    public int Required(string name, int min, int max) => Has(name) ? Integer(name, min, max) ?? min : Say(name, "must be specified") ?? min;

    public bool Flag(string name)
    {
        if (!Has(name)) return false;
        JsonValueKind kind = element.GetProperty(name).ValueKind;
        if (kind is not (JsonValueKind.True or JsonValueKind.False)) Say(name, "must be a boolean");
        return kind == JsonValueKind.True;
    }

    public string? Text(string name)
    {
        if (!Has(name)) return null;
        JsonElement value = element.GetProperty(name);
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        Say(name, "must be a string");
        return null;
    }

    public int? Say(string name, string rule)
    {
        problem.Say($"{PathOf(name)} {rule}");
        return null;
    }

    /// <summary>About the object itself.</summary>
    public void Say(string rule) => problem.Say($"{path} {rule}");

    private string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
