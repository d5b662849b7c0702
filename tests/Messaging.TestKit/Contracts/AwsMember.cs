using System.Text.Json.Nodes;

namespace Messaging.TestKit.Contracts;

/// <summary>A member of an operation or of a structure in api/aws. Immutable.</summary>
/// <param name="Name">In JSON.</param>
/// <param name="Node">All that the file says of it.</param>
public sealed record AwsMember(string Name, JsonNode Node)
{
    /// <summary>In the words of the file: "string", "list of Message", "map of string".</summary>
    public string Type => Node["type"]!.GetValue<string>();

    public bool IsRequired => Node["required"]?.GetValue<bool>() == true;

    /// <summary>In the Query protocol: "QueueUrl", "TagKey.N", "Attribute.N.Name/Value".</summary>
    public string QueryName => Node["query"]?.GetValue<string>() ?? Name;

    /// <summary>The least and the most that "range", "length", "bytes" or "items" says; null where it says nothing.</summary>
    public (long Least, long Most)? Bounds(string of) => Node[of] is JsonArray bounds ? (bounds[0]!.GetValue<long>(), bounds[1]!.GetValue<long>()) : null;
}
