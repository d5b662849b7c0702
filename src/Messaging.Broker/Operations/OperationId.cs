using System.Diagnostics.CodeAnalysis;

namespace Messaging.Broker.Operations;

/// <summary>Names a long operation: 16 bytes that look like a UUID. A value.</summary>
public readonly record struct OperationId
{
    internal const int Bytes = 16;

    private readonly Guid _value;

    internal OperationId(ReadOnlySpan<byte> bytes) => _value = new Guid(bytes, bigEndian: true);

    private OperationId(Guid value) => _value = value;

    /// <summary>False for what has not the text form.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out OperationId id)
    {
        bool legal = Guid.TryParseExact(text, "D", out Guid value);
        id = new OperationId(value);
        return legal;
    }

    /// <inheritdoc/>
    public override string ToString() => _value.ToString("D");

    internal void CopyTo(Span<byte> bytes) => _value.TryWriteBytes(bytes, bigEndian: true, out _);
}
