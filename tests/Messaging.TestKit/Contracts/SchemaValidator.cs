using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Messaging.TestKit.Contracts;

/// <summary>
/// The part of JSON Schema that openapi.yaml uses; a keyword that it does not know is an error, so that none is passed over. As there, a keyword of
/// one type says nothing about values of another one.
/// </summary>
internal sealed class SchemaValidator(OpenApiContract contract)
{
    private static readonly string[] Annotations = ["description", "default", "examples", "contentEncoding", "propertyNames", "readOnly"];

    /// <summary>The first thing that is wrong, with its place, or null.</summary>
    public string? Validate(JsonNode schema, JsonNode? value, string place)
    {
        JsonObject rules = contract.Resolve(schema)!.AsObject();
        foreach ((string keyword, JsonNode? rule) in rules)
        {
            if (Check(keyword, rule!, rules, value, place) is { } wrong)
                return wrong;
        }
        return null;
    }

    private string? Check(string keyword, JsonNode rule, JsonObject rules, JsonNode? value, string place) => keyword switch
    {
        "type" => (rule as JsonArray ?? [rule.DeepClone()]).Any(type => IsOf(type!.GetValue<string>(), TypeOf(value))) ? null : $"{place} is not of type {rule}: {value?.ToJsonString()}",
        "const" => JsonNode.DeepEquals(rule, value) ? null : $"{place} is not {rule}",
        "enum" => rule.AsArray().Any(one => JsonNode.DeepEquals(one, value)) ? null : $"{place} is none of {rule.ToJsonString()}",
        "pattern" => Text(value) is not { } text || Regex.IsMatch(text, rule.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(1)) ? null : $"{place} does not match {rule}: {value}",
        "minimum" => Number(value) is not { } number || number >= Number(rule) ? null : $"{place} is below {rule}",
        "maximum" => Number(value) is not { } number || number <= Number(rule) ? null : $"{place} is above {rule}",
        "minLength" => Text(value)?.Length < rule.GetValue<long>() ? $"{place} is shorter than {rule}" : null,
        "maxLength" => Text(value)?.Length > rule.GetValue<long>() ? $"{place} is longer than {rule}" : null,
        "minItems" => (value as JsonArray)?.Count < rule.GetValue<long>() ? $"{place} has fewer than {rule} items" : null,
        "maxItems" => (value as JsonArray)?.Count > rule.GetValue<long>() ? $"{place} has more than {rule} items" : null,
        "minProperties" => (value as JsonObject)?.Count < rule.GetValue<long>() ? $"{place} has fewer than {rule} properties" : null,
        "maxProperties" => (value as JsonObject)?.Count > rule.GetValue<long>() ? $"{place} has more than {rule} properties" : null,
        "required" => Missing(rule, value) is { } name ? $"{place} lacks {name}" : null,
        "oneOf" => rule.AsArray().Count(one => Validate(one!, value, place) is null) == 1 ? null : $"{place} is not one of its forms: {value?.ToJsonString()}",
        "anyOf" => rule.AsArray().Any(one => Validate(one!, value, place) is null) ? null : $"{place} is none of its forms: {value?.ToJsonString()}",
        "allOf" => rule.AsArray().Select(one => Validate(one!, value, place)).FirstOrDefault(wrong => wrong is not null),
        "format" => rule.GetValue<string>() == "int32" && Number(value) is < int.MinValue or > int.MaxValue ? $"{place} does not fit into 32 bits: {value}" : null,
        "items" => (value as JsonArray)?.Select((item, index) => Validate(rule, item, $"{place}[{index}]")).FirstOrDefault(wrong => wrong is not null),
        "properties" => value is JsonObject found ? Properties(rule.AsObject(), found, place) : null,
        "additionalProperties" => value is JsonObject found ? Additional(rule, rules, found, place) : null,
        _ => Annotations.Contains(keyword) ? null : throw new NotSupportedException($"openapi.yaml uses the keyword {keyword}, which this validator does not know."),
    };

    private string? Properties(JsonObject properties, JsonObject value, string place) =>
        properties.Where(property => value.ContainsKey(property.Key))
            .Select(property => Validate(property.Value!, value[property.Key], $"{place}.{property.Key}"))
            .FirstOrDefault(wrong => wrong is not null);

    private string? Additional(JsonNode rule, JsonObject rules, JsonObject value, string place)
    {
        var known = rules["properties"] as JsonObject;
        var others = value.Where(property => known?.ContainsKey(property.Key) != true);
        return rule is JsonValue
            ? others.Select(property => $"{place} has an unknown {property.Key}").FirstOrDefault()
            : others.Select(property => Validate(rule, property.Value, $"{place}.{property.Key}")).FirstOrDefault(wrong => wrong is not null);
    }

    private static string? Missing(JsonNode rule, JsonNode? value) =>
        rule.AsArray().Select(name => name!.GetValue<string>()).FirstOrDefault(name => value is not JsonObject found || !found.ContainsKey(name));

    private static string? Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static double? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;

    // Whole numbers are numbers too.
    private static bool IsOf(string type, string found) => type == found || (type == "number" && found == "integer");

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.ToJsonString().All(character => character is '-' or (>= '0' and <= '9')) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };
}
