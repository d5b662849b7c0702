using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Messaging.AwsClients.Tests.Wire;

/// <summary>What came back, byte by byte where it matters. Immutable.</summary>
public sealed record WireAnswer(int Status, string? ContentType, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public XElement Xml => XDocument.Parse(Body).Root!;

    public string RequestId => Headers["x-amzn-RequestId"];

    /// <summary>Status, type and text of an error in AWS JSON.</summary>
    public (int Status, string? Type, string? Message) JsonError =>
        (Status, Json["__type"]?.GetValue<string>(), (Json["message"] ?? Json["Message"])?.GetValue<string>());

    /// <summary>Status, code and text of an error in XML.</summary>
    public (int Status, string? Code, string? Message) XmlError => (Status, Error("Code"), Error("Message"));

    /// <summary>An element's text, wherever it stands.</summary>
    public string? Text(string name) => Xml.Descendants(Xml.Name.Namespace + name).FirstOrDefault()?.Value;

    private string? Error(string name) => Xml.Element(Xml.Name.Namespace + "Error")?.Element(Xml.Name.Namespace + name)?.Value;
}
