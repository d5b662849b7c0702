using System.Buffers;
using System.Buffers.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Aws.Operations;

/// <summary>
/// An answer of the Query protocol as XML (Amazon SQS Developer Guide, "Making Query API requests", "Interpreting the responses"; with lists and maps in elements of their own, as Amazon SNS has them). Texts must be of characters that XML has (<see cref="MessageText"/>); names are written as they are. At
/// most one list and one map are open.
/// </summary>
internal sealed class XmlOutput(IBufferWriter<byte> buffer, string requestId, AwsService service) : AwsOutput
{
    private const int NumberBytesMax = 20;

    // Of the list and the map that are open; the first two are empty where those stand bare.
    private byte[] _list = [];
    private byte[] _map = [];
    private byte[] _item = [];
    private byte[] _entry = [];
    private byte[] _value = [];
    private byte[] _key = [];

    private static ReadOnlySpan<byte> Declaration => "<?xml version=\"1.0\"?>"u8;

    public override string MediaType => "text/xml";

    public override void Begin(Operation operation)
    {
        buffer.Write(Declaration);
        Open(Ascii($"{operation.Name}Response xmlns=\"{service.XmlNamespace}\""));
        if (operation.HasResult)
            Open(Ascii($"{operation.Name}Result"));
    }

    public override void End(Operation operation)
    {
        if (operation.HasResult)
            Close(Ascii($"{operation.Name}Result"));
        Open("ResponseMetadata"u8);
        Text("RequestId"u8, Ascii(requestId));
        Close("ResponseMetadata"u8);
        Close(Ascii($"{operation.Name}Response"));
    }

    public override int Write(AwsError error)
    {
        AwsErrorKind kind = AwsErrorTable.Of(service, error.Code);
        buffer.Write(Declaration);
        Open(Ascii($"ErrorResponse xmlns=\"{service.XmlNamespace}\""));
        Open("Error"u8);
        Text("Type"u8, Ascii(kind.Fault));
        Text("Code"u8, Ascii(kind.QueryCode));
        Text("Message"u8, XmlText.Legal(error.QueryMessage ?? error.Message));
        if (!service.IsWrapped)
            Open("Detail/"u8);
        Close("Error"u8);
        Text("RequestId"u8, Ascii(requestId));
        Close("ErrorResponse"u8);
        return kind.QueryStatus;
    }

    /// <summary>Writes what the service answers to a GET of a queue's URL that is no call; returns the status.</summary>
    public int WriteNoCall()
    {
        buffer.Write("<UnknownOperationException/>\n"u8);
        return StatusCodes.Status404NotFound;
    }

    public override void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Open(name);
        XmlText.Write(buffer, value);
        Close(name);
    }

    public override void Number(ReadOnlySpan<byte> name, long value)
    {
        Span<byte> digits = stackalloc byte[NumberBytesMax];
        Utf8Formatter.TryFormat(value, digits, out int written);
        Text(name, digits[..written]);
    }

    public override void Boolean(ReadOnlySpan<byte> name, bool value) => Text(name, value ? "true"u8 : "false"u8);

    public override void Blob(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Open(name);
        Base64.EncodeToUtf8(value, buffer.GetSpan(Base64.GetMaxEncodedToUtf8Length(value.Length)), out _, out int written);
        buffer.Advance(written);
        Close(name);
    }

    public override void BeginList(ReadOnlySpan<byte> name, ReadOnlySpan<byte> item)
    {
        _item = item.ToArray();
        _list = Wrap(name);
    }

    public override void BeginItem() => Open(_item);

    public override void EndItem() => Close(_item);

    public override void Item(ReadOnlySpan<byte> value) => Text(_item, value);

    public override void EndList() => Unwrap(_list);

    public override void BeginMap(ReadOnlySpan<byte> name, in MapWords query)
    {
        (_entry, _key, _value) = (query.Entry.ToArray(), query.Key.ToArray(), query.Value.ToArray());
        _map = Wrap(name);
    }

    public override void Entry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Open(_entry);
        Text(_key, key);
        Text(_value, value);
        Close(_entry);
    }

    public override void BeginEntry(ReadOnlySpan<byte> key)
    {
        Open(_entry);
        Text(_key, key);
        Open(_value);
    }

    public override void EndEntry()
    {
        Close(_value);
        Close(_entry);
    }

    public override void EndMap() => Unwrap(_map);

    private byte[] Wrap(ReadOnlySpan<byte> name)
    {
        if (!service.IsWrapped)
            return [];
        Open(name);
        return name.ToArray();
    }

    private void Unwrap(byte[] name)
    {
        if (name.Length > 0)
            Close(name);
    }

    // An element's start; the name may have attributes behind it.
    private void Open(ReadOnlySpan<byte> name)
    {
        buffer.Write("<"u8);
        buffer.Write(name);
        buffer.Write(">"u8);
    }

    private void Close(ReadOnlySpan<byte> name)
    {
        buffer.Write("</"u8);
        buffer.Write(name);
        buffer.Write(">"u8);
    }
}
