namespace Messaging.Broker.Filters;

/// <summary>One attribute of a message as filter policies see it: name and value as UTF-8. A view over the caller's memory.</summary>
public readonly ref struct FilterAttribute(ReadOnlySpan<byte> name, FilterValueKind kind, ReadOnlySpan<byte> value)
{
    /// <summary>The name.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>What the value is.</summary>
    public FilterValueKind Kind { get; } = kind;

    /// <summary>The value; text for all kinds but <see cref="FilterValueKind.Binary"/>.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;
}
