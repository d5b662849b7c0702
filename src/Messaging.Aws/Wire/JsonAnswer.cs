using System.Text.Json;

namespace Messaging.Aws.Wire;

/// <summary>An answer's members as JSON; the object around them is its owner's. Hot path.</summary>
internal sealed class JsonAnswer(Utf8JsonWriter writer) : IAnswer
{
    public void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => writer.WriteString(name, value);

    public void Number(ReadOnlySpan<byte> name, long value) => writer.WriteNumber(name, value);

    public void Boolean(ReadOnlySpan<byte> name, bool value) => writer.WriteBoolean(name, value);

    public void Blob(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => writer.WriteBase64String(name, value);

    public void BeginList(ReadOnlySpan<byte> name, ReadOnlySpan<byte> item) => writer.WriteStartArray(name);

    public void BeginItem() => writer.WriteStartObject();

    public void EndItem() => writer.WriteEndObject();

    public void Item(ReadOnlySpan<byte> value) => writer.WriteStringValue(value);

    public void EndList() => writer.WriteEndArray();

    public void BeginMap(ReadOnlySpan<byte> name, in MapWords query) => writer.WriteStartObject(name);

    public void Entry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => writer.WriteString(key, value);

    public void BeginEntry(ReadOnlySpan<byte> key) => writer.WriteStartObject(key);

    public void EndEntry() => writer.WriteEndObject();

    public void EndMap() => writer.WriteEndObject();
}
