using System.Text.Json;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;
using Messaging.Http;

namespace Messaging.Aws.Operations;

/// <summary>An answer in AWS JSON 1.0 (Smithy, "AWS JSON 1.0 protocol"; of errors, "awsQueryCompatible"). Hot path.</summary>
internal class JsonOutput(BufferedAnswer answer) : AwsOutput
{
    protected Utf8JsonWriter Writer { get; } = answer.Writer;

    public override string MediaType => "application/x-amz-json-1.0";

    public override void Begin(Operation operation) => Writer.WriteStartObject();

    public override void End(Operation operation) => Writer.WriteEndObject();

    public override int Write(AwsError error)
    {
        AwsErrorKind kind = AwsErrorTable.Of(error.Code);
        Writer.WriteStartObject();
        Writer.WriteString("__type"u8, kind.JsonType);
        Writer.WriteString("message"u8, error.Message);
        Writer.WriteEndObject();
        return kind.JsonStatus;
    }

    public override void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Writer.WriteString(name, value);

    public override void Number(ReadOnlySpan<byte> name, long value) => Writer.WriteNumber(name, value);

    public override void Boolean(ReadOnlySpan<byte> name, bool value) => Writer.WriteBoolean(name, value);

    public override void Blob(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Writer.WriteBase64String(name, value);

    public override void BeginList(ReadOnlySpan<byte> name, ReadOnlySpan<byte> item) => Writer.WriteStartArray(name);

    public override void BeginItem() => Writer.WriteStartObject();

    public override void EndItem() => Writer.WriteEndObject();

    public override void Item(ReadOnlySpan<byte> value) => Writer.WriteStringValue(value);

    public override void EndList() => Writer.WriteEndArray();

    public override void BeginMap(ReadOnlySpan<byte> name, in MapWords query) => Writer.WriteStartObject(name);

    public override void Entry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Writer.WriteString(key, value);

    public override void BeginEntry(ReadOnlySpan<byte> key) => Writer.WriteStartObject(key);

    public override void EndEntry() => Writer.WriteEndObject();

    public override void EndMap() => Writer.WriteEndObject();
}
