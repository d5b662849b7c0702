namespace Messaging.Api.Tests.Fronts;

/// <summary>A message as each front can send it and show it: what all of them have in common. The group is null, and attributes are none, where there are none.</summary>
internal sealed record FrontMessage(string Body, string? Group, string Attributes)
{
    /// <summary>Attributes of text, in the order of their names.</summary>
    public static string Told(IEnumerable<(string Name, string Type, string Value)> attributes) =>
        string.Join(", ", attributes.OrderBy(attribute => attribute.Name, StringComparer.Ordinal).Select(attribute => $"{attribute.Name}: {attribute.Type} {attribute.Value}"));

    /// <summary>As a client sends it: with one attribute at most.</summary>
    public static FrontMessage Of(string body, string? group = null, string? kind = null) => new(body, group, kind is null ? "" : Told([("kind", "string", kind)])) { Kind = kind };

    /// <summary>The value of the attribute that is sent.</summary>
    public string? Kind { get; private init; }

    // What was sent, not how it was made.
    public bool Equals(FrontMessage? other) => other is not null && (Body, Group, Attributes) == (other.Body, other.Group, other.Attributes);

    public override int GetHashCode() => HashCode.Combine(Body, Group, Attributes);
}
