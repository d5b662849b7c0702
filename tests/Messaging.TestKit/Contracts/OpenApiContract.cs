using System.Text.Json.Nodes;

namespace Messaging.TestKit.Contracts;

/// <summary>openapi.yaml as a tree of JSON, with its operations and schemas by name. Read once; immutable.</summary>
public sealed class OpenApiContract
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];

    private readonly JsonNode _root;

    private OpenApiContract(JsonNode root) => _root = root;

    /// <summary>The file of the source tree.</summary>
    public static OpenApiContract Current { get; } = new(YamlTree.Load(SourceTree.OpenApiFile));

    /// <summary>The whole document.</summary>
    public JsonNode Root => _root;

    /// <summary>Every operation as "METHOD /path".</summary>
    public IReadOnlyList<string> Operations =>
        [.. from path in _root["paths"]!.AsObject()
            from method in path.Value!.AsObject()
            where Methods.Contains(method.Key)
            select $"{method.Key.ToUpperInvariant()} {path.Key}"];

    /// <summary>The tags in the order in which readers see them.</summary>
    public IReadOnlyList<string> Tags => [.. _root["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>())];

    /// <summary>The schemas of the components by their names.</summary>
    public JsonObject Schemas => _root["components"]!["schemas"]!.AsObject();

    /// <summary>A schema of the components.</summary>
    public JsonNode Schema(string name) => _root["components"]!["schemas"]![name]!;

    /// <summary>The names of a schema's properties.</summary>
    public IEnumerable<string> Fields(string schema) => (Schema(schema)["properties"]?.AsObject() ?? []).Select(property => property.Key);

    /// <summary>The operation's node.</summary>
    public JsonNode Operation(string method, string path) => _root["paths"]![path]![method.ToLowerInvariant()]!;

    /// <summary>The operation's node by its name in <see cref="Operations"/>.</summary>
    public JsonNode Operation(string operation) => Operation(operation.Split(' ')[0], operation.Split(' ')[1]);

    /// <summary>The parameters of an operation, those of its path among them.</summary>
    public IEnumerable<JsonNode> Parameters(string operation) =>
        ((JsonNode?[])[_root["paths"]![operation.Split(' ')[1]]!["parameters"], Operation(operation)["parameters"]])
            .SelectMany(parameters => parameters?.AsArray() ?? []).Select(parameter => Resolve(parameter)!);

    /// <summary>The first thing that a value breaks of a schema, or null.</summary>
    public string? Validate(JsonNode schema, JsonNode? value) => new SchemaValidator(this).Validate(schema, value, "$");

    /// <summary>
    /// What an answer breaks of the contract: a status or content type that is not described, or a document that is not of its schema. Null
    /// when it keeps it.
    /// </summary>
    public string? Judge(string method, string path, int status, string? contentType, string body)
    {
        JsonNode? response = Resolve(Operation(method, path)["responses"]![status.ToString()]);
        if (response is null)
            return $"{method} {path} does not describe status {status}: {body}";
        if (response["content"] is not JsonObject content)
            return body.Length == 0 ? null : $"{method} {path} {status} has no content, but answered {body}";
        if (contentType is null || content[contentType] is not { } media)
            return $"{method} {path} {status} does not describe {contentType}";
        return contentType == "application/json" || contentType.EndsWith("+json", StringComparison.Ordinal)
            ? Validate(media["schema"]!, JsonNode.Parse(body))
            : null;
    }

    /// <summary>The node that a reference leads to, or the node itself.</summary>
    public JsonNode? Resolve(JsonNode? node)
    {
        while (node is JsonObject found && found["$ref"] is { } reference)
        {
            node = _root;
            foreach (string step in reference.GetValue<string>()[2..].Split('/'))
                node = node![step];
        }
        return node;
    }
}
