using System.Text.Json.Nodes;
using Messaging.TestKit.Contracts;

namespace Messaging.Rest.Tests.Documents;

/// <summary>
/// openapi.yaml against what generators of clients make types of: numbers that are wide enough, and a name of its own for each object and each list of words, where they would invent one.
/// Each test lists all that is missing.
/// </summary>
public sealed class OpenApiTypesTests
{
    private static readonly OpenApiContract Contract = OpenApiContract.Current;

    [Fact]
    public void Each_integer_says_whether_it_fits_into_32_bits() =>
        Gaps.AssertNone(from part in Parts()
                        where Types(part.Node).Contains("integer") && Text(part.Node["format"]) is not ("int32" or "int64")
                        select part.Place);

    [Fact]
    public void No_integer_of_32_bits_may_be_larger_than_they_hold() =>
        Gaps.AssertNone(from part in Parts()
                        where Text(part.Node["format"]) == "int32" && part.Node["maximum"]?.GetValue<long>() > int.MaxValue
                        select part.Place);

    [Fact]
    public void Offsets_marks_ids_and_what_is_counted_without_a_bound_have_64_bits()
    {
        string[] wide = ["offset", "baseOffset", "nextOffset", "lowOffset", "highWatermark", "lastStableOffset", "lag", "bytes", "retentionBytes", "ready", "leased", "delayed", "purged", "id"];

        Gaps.AssertNone(from part in Parts()
                        where wide.Contains(part.Place.Split('/')[^1]) && Types(part.Node).Contains("integer") && Text(part.Node["format"]) != "int64"
                        select part.Place);
    }

    [Fact]
    public void No_reference_leads_into_a_schema() =>
        Gaps.AssertNone(from part in Parts()
                        let reference = part.Node["$ref"] as JsonValue
                        where reference?.GetValue<string>() is { } target && target.Split('/') is not ["#", "components", _, _]
                        select part.Place);

    [Fact]
    public void Each_object_with_fields_and_each_list_of_words_has_a_name() =>
        Gaps.AssertNone(from part in Parts()
                        where (part.Node["properties"] is JsonObject || part.Node["enum"] is JsonArray) && !IsNamed(part.Place)
                        select part.Place);

    // Of two objects without a word that tells which one it is, generators of C# read neither.
    [Fact]
    public void What_is_one_of_several_is_one_schema_or_null() =>
        Gaps.AssertNone(from part in Parts()
                        where part.Node["oneOf"] is JsonArray forms && !(forms.Count == 2 && forms[0]!["$ref"] is not null && Text(forms[1]!["type"]) == "null")
                        select part.Place);

    // Of a list of types, generators of C# take one.
    [Fact]
    public void Each_schema_has_one_type_beside_null() =>
        Gaps.AssertNone(from part in Parts()
                        where Types(part.Node).Count(type => type != "null") > 1
                        select part.Place);

    private static bool IsNamed(string place) => place.Split('/') is ["#", "components", "schemas", _];

    /// <summary>All objects of the document but those of examples, with their places as references write them.</summary>
    private static IEnumerable<(string Place, JsonObject Node)> Parts() => Parts("#", Contract.Root);

    private static IEnumerable<(string Place, JsonObject Node)> Parts(string place, JsonNode node) => node switch
    {
        JsonObject found => found.Where(part => part.Key is not ("example" or "examples" or "default") && part.Value is not null)
            .SelectMany(part => Parts($"{place}/{part.Key}", part.Value!)).Prepend((place, found)),
        JsonArray list => list.SelectMany((item, index) => item is null ? [] : Parts($"{place}/{index}", item)),
        _ => [],
    };

    private static IEnumerable<string?> Types(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => several.Select(Text),
        JsonValue one => [Text(one)],
        _ => [],
    };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
