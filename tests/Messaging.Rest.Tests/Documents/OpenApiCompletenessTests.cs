using System.Text.Json.Nodes;
using Messaging.TestKit.Contracts;

namespace Messaging.Rest.Tests.Documents;

/// <summary>
/// openapi.yaml against what its readers need: people, Swagger UI, which fills its forms with the examples, and generators of clients, which make classes of tags and methods
/// of ids. Each test lists all that is missing.
/// </summary>
public sealed class OpenApiCompletenessTests
{
    private static readonly OpenApiContract Contract = OpenApiContract.Current;

    [Fact]
    public void Each_operation_has_a_summary_and_an_id_of_its_own_that_is_a_name_in_any_language()
    {
        string?[] ids = [.. Contract.Operations.Select(operation => Text(Contract.Operation(operation)["operationId"]))];

        Assert.All(Contract.Operations, operation => Assert.True(IsText(Contract.Operation(operation)["summary"]), operation));
        Assert.All(ids, id => Assert.True(IsName(id), id));
        Assert.Distinct(ids);
    }

    [Fact]
    public void Each_operation_has_one_tag_and_each_tag_has_operations()
    {
        // With two tags it would be a method of two classes, and stand twice on the page.
        string[] tags = [.. Contract.Operations.Select(operation => Assert.Single(Contract.Operation(operation)["tags"]!.AsArray())!.GetValue<string>())];

        Assert.Equal(Contract.Tags.Order(StringComparer.Ordinal), tags.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_parameter_header_and_answer_is_described()
    {
        IEnumerable<string> parameters = from operation in Contract.Operations
                                         from parameter in Contract.Parameters(operation)
                                         where !IsText(parameter["description"])
                                         select $"{operation} {parameter["name"]}";
        IEnumerable<string> answers = from answer in Answers()
                                      where !IsText(answer.Node["description"])
                                      select answer.Place;
        IEnumerable<string> headers = from answer in Answers()
                                      from header in answer.Node["headers"]?.AsObject() ?? []
                                      where !IsText(Contract.Resolve(header.Value)!["description"])
                                      select $"{answer.Place} {header.Key}";

        Gaps.AssertNone(parameters.Concat(answers).Concat(headers));
    }

    [Fact]
    public void Each_schema_and_each_property_is_described() => Gaps.AssertNone(Contract.Schemas.SelectMany(schema => Undescribed(schema.Key, schema.Value!)));

    [Fact]
    public void Each_body_and_each_answer_of_text_has_an_example() =>
        Gaps.AssertNone(from media in Media() where IsOfText(media.Type) && !Examples(media.Node).Any() select $"{media.Place} {media.Type}");

    [Fact]
    public void Each_example_of_a_body_or_an_answer_is_of_its_schema() =>
        Gaps.AssertNone(from media in Media()
                          from example in Examples(media.Node)
                          let wrong = Contract.Validate(media.Node["schema"]!, example)
                          where wrong is not null
                          select $"{media.Place} {media.Type}: {wrong}");

    [Fact]
    public void Each_parameter_that_must_be_given_has_an_example_of_its_schema_and_no_other_has_one()
    {
        // Swagger UI fills in every example. That of an optional precondition, key or token would make a call fail for which nobody has asked.
        Gaps.AssertNone(from operation in Contract.Operations
                          from parameter in Contract.Parameters(operation)
                          let isRequired = parameter["required"]?.GetValue<bool>() == true
                          let wrong = parameter.AsObject().ContainsKey("example") != isRequired ? "has an example, or lacks one"
                              : isRequired ? Contract.Validate(parameter["schema"]!, parameter["example"]) : null
                          where wrong is not null
                          select $"{operation} {parameter["name"]} {wrong}");
    }

    [Fact]
    public void Each_call_of_the_API_documents_what_any_call_may_answer()
    {
        string[] always = ["400", "401", "403", "500", "503"];
        string[] withBody = ["408", "413", "415", "429"];

        Gaps.AssertNone(from operation in Contract.Operations
                          where operation.Contains(" /v1/", StringComparison.Ordinal)
                          let node = Contract.Operation(operation)
                          from status in node["requestBody"] is null ? always : always.Concat(withBody)
                          where !node["responses"]!.AsObject().ContainsKey(status)
                          select $"{operation} {status}");
    }

    private static IEnumerable<(string Place, JsonNode Node)> Answers() =>
        from operation in Contract.Operations
        from answer in Contract.Operation(operation)["responses"]!.AsObject()
        select ($"{operation} {answer.Key}", Contract.Resolve(answer.Value)!);

    private static IEnumerable<(string Place, string Type, JsonNode Node)> Media() =>
        from body in Answers().Concat(from operation in Contract.Operations
                                      let request = Contract.Operation(operation)["requestBody"]
                                      where request is not null
                                      select (Place: operation, Node: request))
        from media in body.Node["content"]?.AsObject() ?? []
        select (body.Place, media.Key, media.Value!);

    private static IEnumerable<JsonNode?> Examples(JsonNode media) =>
        (media.AsObject().ContainsKey("example") ? [media["example"]] : Array.Empty<JsonNode?>())
            .Concat((media["examples"]?.AsObject() ?? []).Select(example => example.Value!["value"]));

    // A reference is described where it stands, or where it leads.
    private static IEnumerable<string> Undescribed(string place, JsonNode schema)
    {
        if (!IsText(schema["description"]) && !IsText(Contract.Resolve(schema)!["description"]) && !place.EndsWith("[]", StringComparison.Ordinal))
            yield return place;
        IEnumerable<(string Place, JsonNode? Node)> parts =
        [
            .. (schema["properties"]?.AsObject() ?? []).Select(property => ($"{place}.{property.Key}", property.Value)),
            ($"{place}[]", schema["items"]), ($"{place}[]", schema["additionalProperties"] as JsonObject),
        ];
        foreach (string inner in parts.Where(part => part.Node is not null).SelectMany(part => Undescribed(part.Place, part.Node!)))
            yield return inner;
    }

    private static bool IsOfText(string type) => type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("json", StringComparison.Ordinal);

    private static bool IsName(string? text) => text is { Length: > 0 } && char.IsAsciiLetterLower(text[0]) && text.All(char.IsAsciiLetterOrDigit);

    private static bool IsText(JsonNode? node) => !string.IsNullOrWhiteSpace(Text(node));

    private static string? Text(JsonNode? node) => node?.GetValue<string>();
}
