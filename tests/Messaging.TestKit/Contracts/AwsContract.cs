using System.Globalization;
using System.Text.Json.Nodes;

namespace Messaging.TestKit.Contracts;

/// <summary>A file of api/aws: operations with their members and errors, shapes, attributes and the table of errors. Read once; immutable.</summary>
public sealed class AwsContract
{
    private readonly JsonNode _root;

    private AwsContract(string service) => _root = YamlTree.Load(SourceTree.AwsFile(service));

    /// <summary>Amazon SQS.</summary>
    public static AwsContract Sqs { get; } = new("sqs");

    /// <summary>Amazon SNS.</summary>
    public static AwsContract Sns { get; } = new("sns");

    /// <summary>The one operation of AWS STS.</summary>
    public static AwsContract Sts { get; } = new("sts");

    /// <summary>The names of the operations.</summary>
    public IEnumerable<string> Operations => Names(_root["operations"]);

    /// <summary>The names of the structures that members are of.</summary>
    public IEnumerable<string> Shapes => Names(_root["shapes"]);

    /// <summary>Names that GetQueueAttributes knows, without All.</summary>
    public IEnumerable<string> QueueAttributes => Names(_root["queueAttributes"]);

    /// <summary>Names that ReceiveMessage knows, without All.</summary>
    public IEnumerable<string> SystemAttributes => Names(_root["systemAttributes"]);

    /// <summary>Errors that any call may be answered.</summary>
    public IEnumerable<string> ErrorsEverywhere => Words(_root["everywhere"]);

    /// <summary>Every error by its name in JSON, without the namespace.</summary>
    public IReadOnlyDictionary<string, AwsErrorNames> Errors =>
        _root["errors"]!.AsObject().ToDictionary(error => error.Key, error => AwsErrorNames.Of(error.Value!), StringComparer.Ordinal);

    /// <summary>Every error of a service that has the Query protocol only, with its status.</summary>
    public IReadOnlyDictionary<string, int> Statuses => _root["errors"]!.AsObject().ToDictionary(error => error.Key, error => int.Parse(error.Value!["status"]!.ToString(), CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>Whether an answer has a result, be it an empty one.</summary>
    public bool HasResult(string operation) => _root["operations"]![operation]!["hasResult"] is not null;

    /// <summary>Names of attributes in a table of the file, such as topicAttributes.</summary>
    public IEnumerable<string> AttributesOf(string table) => Names(_root[table]);

    /// <summary>The node of an attribute of queues: type, set, of, range, values, default.</summary>
    public JsonNode QueueAttribute(string name) => _root["queueAttributes"]![name]!;

    /// <summary>What an operation takes.</summary>
    public IReadOnlyList<AwsMember> Input(string operation) => Members(_root["operations"]![operation]!["input"]);

    /// <summary>What an operation answers.</summary>
    public IReadOnlyList<AwsMember> Output(string operation) => Members(_root["operations"]![operation]!["output"]);

    /// <summary>The members of a structure.</summary>
    public IReadOnlyList<AwsMember> Shape(string name) => Members(_root["shapes"]![name]);

    /// <summary>The errors of an operation, beside those that occur everywhere.</summary>
    public IEnumerable<string> ErrorsOf(string operation) => Words(_root["operations"]![operation]!["errors"]);

    /// <summary>The errors of single entries of a batch; empty where the operation is none.</summary>
    public IEnumerable<string> EntryErrorsOf(string operation) => Words(_root["operations"]![operation]!["entryErrors"]);

    /// <summary>Errors that the service model lists for an operation, and that this server never answers there; each has a reason in the file.</summary>
    public IEnumerable<string> NeverOf(string operation) => ReasonedErrors("cannotOccur", operation);

    /// <summary>Errors that the service model does not list for an operation, and that it answers all the same; each has a reason in the file.</summary>
    public IEnumerable<string> AlsoOf(string operation) => ReasonedErrors("alsoOccur", operation);

    private IEnumerable<string> ReasonedErrors(string list, string operation) =>
        from entry in _root[list]!.AsArray()
        where entry!["because"]!.GetValue<string>().Length > 0 && (entry["operations"] is not { } only || Words(only).Contains(operation, StringComparer.Ordinal))
        from error in Words(entry["errors"])
        select error;

    private static IReadOnlyList<AwsMember> Members(JsonNode? members) => [.. members!.AsObject().Select(member => new AwsMember(member.Key, member.Value!))];

    private static IEnumerable<string> Names(JsonNode? node) => node!.AsObject().Select(child => child.Key);

    private static IEnumerable<string> Words(JsonNode? list) => list is null ? [] : list.AsArray().Select(word => word!.GetValue<string>());
}
