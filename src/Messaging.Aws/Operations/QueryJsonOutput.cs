using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Http;

namespace Messaging.Aws.Operations;

/// <summary>
/// An answer of the Query protocol to a client that asks for JSON: what XML has as elements are objects, maps of SQS are lists of names and values, and the two lists that XML has no element for begin in lower case, as clients
/// of it read them.
/// </summary>
internal sealed class QueryJsonOutput(BufferedAnswer answer, string requestId, AwsService service) : JsonOutput(answer)
{
    private byte[] _key = [];
    private byte[] _value = [];

    public override string MediaType => BufferedAnswer.MediaType;

    public override void Begin(Operation operation)
    {
        Writer.WriteStartObject();
        Writer.WriteStartObject($"{operation.Name}Response");
        Writer.WriteStartObject($"{operation.Name}Result");
    }

    public override void End(Operation operation)
    {
        Writer.WriteEndObject();
        Writer.WriteStartObject("ResponseMetadata"u8);
        Writer.WriteString("RequestId"u8, requestId);
        Writer.WriteEndObject();
        Writer.WriteEndObject();
        Writer.WriteEndObject();
    }

    public override int Write(AwsError error)
    {
        AwsErrorKind kind = AwsErrorTable.Of(service, error.Code);
        Writer.WriteStartObject();
        Writer.WriteStartObject("Error"u8);
        Writer.WriteString("Type"u8, kind.Fault);
        Writer.WriteString("Code"u8, kind.QueryCode);
        Writer.WriteString("Message"u8, error.QueryMessage ?? error.Message);
        Writer.WriteEndObject();
        Writer.WriteString("RequestId"u8, requestId);
        Writer.WriteEndObject();
        return kind.QueryStatus;
    }

    public override void BeginList(ReadOnlySpan<byte> name, ReadOnlySpan<byte> item) => Writer.WriteStartArray(
        name.SequenceEqual("Messages"u8) ? "messages"u8 : name.SequenceEqual("QueueUrls"u8) ? "queueUrls"u8 : name);

    public override void BeginMap(ReadOnlySpan<byte> name, in MapWords query)
    {
        if (service.IsWrapped)
        {
            base.BeginMap(name, query);
            return;
        }
        (_key, _value) = (query.Key.ToArray(), query.Value.ToArray());
        Writer.WriteStartArray(name);
    }

    public override void Entry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (service.IsWrapped)
        {
            base.Entry(key, value);
            return;
        }
        Writer.WriteStartObject();
        Writer.WriteString(_key, key);
        Writer.WriteString(_value, value);
        Writer.WriteEndObject();
    }

    public override void BeginEntry(ReadOnlySpan<byte> key)
    {
        if (service.IsWrapped)
        {
            base.BeginEntry(key);
            return;
        }
        Writer.WriteStartObject();
        Writer.WriteString(_key, key);
        Writer.WriteStartObject(_value);
    }

    public override void EndEntry()
    {
        Writer.WriteEndObject();
        if (!service.IsWrapped)
            Writer.WriteEndObject();
    }

    public override void EndMap()
    {
        if (service.IsWrapped)
            base.EndMap();
        else
            Writer.WriteEndArray();
    }
}
