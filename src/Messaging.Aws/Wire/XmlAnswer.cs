using System.Buffers;
using System.Buffers.Text;

namespace Messaging.Aws.Wire;

/// <summary>An answer's members as XML elements. Texts must be of characters that XML has (<see cref="MessageText"/>); names are written as they are. At most one list or map is in another one.</summary>
internal sealed class XmlAnswer(IBufferWriter<byte> buffer) : IAnswer
{
    private const int NumberBytesMax = 20;

    // Of the list and the map that are open.
    private byte[] _item = [];
    private byte[] _entry = [];
    private byte[] _value = [];
    private byte[] _key = [];

    public void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Open(name);
        XmlText.Write(buffer, value);
        Close(name);
    }

    public void Number(ReadOnlySpan<byte> name, long value)
    {
        Span<byte> digits = stackalloc byte[NumberBytesMax];
        Utf8Formatter.TryFormat(value, digits, out int written);
        Text(name, digits[..written]);
    }

    public void Boolean(ReadOnlySpan<byte> name, bool value) => Text(name, value ? "true"u8 : "false"u8);

    public void Blob(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Open(name);
        Base64.EncodeToUtf8(value, buffer.GetSpan(Base64.GetMaxEncodedToUtf8Length(value.Length)), out _, out int written);
        buffer.Advance(written);
        Close(name);
    }

    public void BeginList(ReadOnlySpan<byte> name, ReadOnlySpan<byte> item) => _item = item.ToArray();

    public void BeginItem() => Open(_item);

    public void EndItem() => Close(_item);

    public void Item(ReadOnlySpan<byte> value) => Text(_item, value);

    public void EndList() => _item = [];

    public void BeginMap(ReadOnlySpan<byte> name, in MapWords query) =>
        (_entry, _key, _value) = (query.Entry.ToArray(), query.Key.ToArray(), query.Value.ToArray());

    public void Entry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Open(_entry);
        Text(_key, key);
        Text(_value, value);
        Close(_entry);
    }

    public void BeginEntry(ReadOnlySpan<byte> key)
    {
        Open(_entry);
        Text(_key, key);
        Open(_value);
    }

    public void EndEntry()
    {
        Close(_value);
        Close(_entry);
    }

    public void EndMap() => _entry = [];

    /// <summary>An element's start; the name may have attributes behind it.</summary>
    public void Open(ReadOnlySpan<byte> name)
    {
        buffer.Write("<"u8);
        buffer.Write(name);
        buffer.Write(">"u8);
    }

    /// <summary>Its end.</summary>
    public void Close(ReadOnlySpan<byte> name)
    {
        buffer.Write("</"u8);
        buffer.Write(name);
        buffer.Write(">"u8);
    }
}
