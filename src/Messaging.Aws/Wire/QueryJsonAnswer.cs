using System.Text.Json;

namespace Messaging.Aws.Wire;

/// <summary>
/// An answer's members as the Query protocol has them in JSON: maps are lists of names and values, and the two lists that XML has no element for begin in lower case, as clients of it read them. The objects around
/// them are their owner's.
/// </summary>
internal sealed class QueryJsonAnswer(Utf8JsonWriter writer) : IAnswer
{
    private byte[] _key = [];
    private byte[] _value = [];

    public void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => writer.WriteString(name, value);

    public void Number(ReadOnlySpan<byte> name, long value) => writer.WriteNumber(name, value);

    public void Boolean(ReadOnlySpan<byte> name, bool value) => writer.WriteBoolean(name, value);

    public void Blob(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => writer.WriteBase64String(name, value);

    public void BeginList(ReadOnlySpan<byte> name, ReadOnlySpan<byte> item) => writer.WriteStartArray(
        name.SequenceEqual("Messages"u8) ? "messages"u8 : name.SequenceEqual("QueueUrls"u8) ? "queueUrls"u8 : name);

    public void BeginItem() => writer.WriteStartObject();

    public void EndItem() => writer.WriteEndObject();

    public void Item(ReadOnlySpan<byte> value) => writer.WriteStringValue(value);

    public void EndList() => writer.WriteEndArray();

    public void BeginMap(ReadOnlySpan<byte> name, in MapWords query)
    {
        (_key, _value) = (query.Key.ToArray(), query.Value.ToArray());
        writer.WriteStartArray(name);
    }

    public void Entry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        writer.WriteStartObject();
        writer.WriteString(_key, key);
        writer.WriteString(_value, value);
        writer.WriteEndObject();
    }

    public void BeginEntry(ReadOnlySpan<byte> key)
    {
        writer.WriteStartObject();
        writer.WriteString(_key, key);
        writer.WriteStartObject(_value);
    }

    public void EndEntry()
    {
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public void EndMap() => writer.WriteEndArray();
}
