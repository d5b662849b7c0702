using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Messaging.TestKit.Contracts;

/// <summary>A YAML file as a tree of JSON: what contracts are written in, in the words that tests compare.</summary>
internal static class YamlTree
{
    public static JsonNode Load(string file)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(file);
        stream.Load(reader);
        return ToJson(stream.Documents[0].RootNode)!;
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, ToJson(child.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => ToJson(plain.Value!),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new InvalidDataException($"The contract has a {node.NodeType} that JSON has not."),
    };

    private static JsonNode? ToJson(string plain) => plain switch
    {
        "" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ => long.TryParse(plain, out long number) ? JsonValue.Create(number) : JsonValue.Create(plain),
    };
}
