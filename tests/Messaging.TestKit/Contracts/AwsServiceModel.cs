using System.Text.Json.Nodes;

namespace Messaging.TestKit.Contracts;

/// <summary>
/// A public service model of AWS, in the words of <see cref="AwsContract"/>. It is no part of the project: tests that need one are skipped where it
/// is not at hand (<see cref="Requirement"/>). Read once; immutable.
/// </summary>
public sealed class AwsServiceModel
{
    private readonly JsonNode _root;

    private AwsServiceModel(string file) => _root = JsonNode.Parse(File.ReadAllText(file))!;

    /// <summary>Amazon SQS in AWS JSON, beside the project.</summary>
    internal static string SqsFile => Path.Combine(SourceTree.Root, "..", "shared", "spec", "aws", "sqs-2012-11-05.service-2.json");

    /// <summary>The names of the operations.</summary>
    public IEnumerable<string> Operations => _root["operations"]!.AsObject().Select(operation => operation.Key);

    /// <summary>The names of structures that are neither a request, an answer nor an error.</summary>
    public IEnumerable<string> Structures
    {
        get
        {
            var messages = Operations.SelectMany(operation => (string?[])[MessageOf(operation, "input"), MessageOf(operation, "output")]).ToHashSet();
            return from shape in _root["shapes"]!.AsObject()
                   where Is(shape.Value!, "structure") && shape.Value!["exception"] is null && !messages.Contains(shape.Key)
                   select shape.Key;
        }
    }

    public static AwsServiceModel Sqs() => new(SqsFile);

    /// <summary>A model of the Query protocol, which Debian's older botocore has.</summary>
    public static AwsServiceModel Query(string service, string version) => new(QueryFile(service, version));

    /// <summary>Why there is no model of the Query protocol here; null when there is.</summary>
    internal static string? WhyNotQuery() =>
        !File.Exists(QueryFile("sqs", "2012-11-05")) ? "python3-botocore is not installed"
        : Query("sqs", "2012-11-05")._root["metadata"]!["protocol"]!.GetValue<string>() == "query" ? null
        : "python3-botocore speaks SQS by JSON only";

    public IReadOnlyList<AwsModelMember> Input(string operation) => MessageOf(operation, "input") is { } shape ? Shape(shape) : [];

    public IReadOnlyList<AwsModelMember> Output(string operation) => MessageOf(operation, "output") is { } shape ? Shape(shape) : [];

    /// <summary>The errors that an operation names.</summary>
    public IEnumerable<string> ErrorsOf(string operation) => _root["operations"]![operation]!["errors"]?.AsArray().Select(error => Text(error!["shape"])!) ?? [];

    /// <summary>The values of an enumeration.</summary>
    public IEnumerable<string> Values(string shape) => _root["shapes"]![shape]!["enum"]!.AsArray().Select(value => Text(value)!);

    /// <summary>The members of a structure.</summary>
    public IReadOnlyList<AwsModelMember> Shape(string name)
    {
        JsonNode shape = _root["shapes"]![name]!;
        string?[] required = shape["required"]?.AsArray().Select(Text).ToArray() ?? [];
        return [.. from member in shape["members"]!.AsObject()
                   let target = _root["shapes"]![Text(member.Value!["shape"])!]!
                   select new AwsModelMember(member.Key, TypeOf(Text(member.Value!["shape"])!), required.Contains(member.Key), QueryName(member.Key, member.Value!, target))];
    }

    private static string QueryFile(string service, string version) => $"/usr/lib/python3/dist-packages/botocore/data/{service}/{version}/service-2.json";

    private static bool Is(JsonNode shape, string type) => Text(shape["type"]) == type;

    private static string? Text(JsonNode? node) => node?.GetValue<string>();

    // Lists and maps of SQS are flattened: an entry has a name of its own, which stands where the member's would.
    private static string QueryName(string name, JsonNode reference, JsonNode target)
    {
        string own = Text(reference["locationName"]) ?? Text(target["locationName"]) ?? name;
        if (Is(target, "list"))
            return (Text(target["member"]!["locationName"]) ?? own) + ".N";
        return Is(target, "map") ? $"{own}.N.{Text(target["key"]!["locationName"])}/{Text(target["value"]!["locationName"])}" : own;
    }

    private string? MessageOf(string operation, string direction) => Text(_root["operations"]![operation]![direction]?["shape"]);

    private string TypeOf(string name)
    {
        JsonNode shape = _root["shapes"]![name]!;
        return Text(shape["type"]) switch
        {
            "structure" => name,
            "list" => "list of " + TypeOf(Text(shape["member"]!["shape"])!),
            "map" => "map of " + TypeOf(Text(shape["value"]!["shape"])!),
            "blob" => "binary",
            string scalar => scalar,
            null => throw new InvalidDataException($"The shape {name} has no type."),
        };
    }
}
