using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Http;

namespace Messaging.Aws.Operations;

/// <summary>One answer, in the protocol of its call: the members of an operation between <see cref="Begin"/> and <see cref="End"/>, or an error. Owned by one call. Hot path.</summary>
internal abstract class AwsOutput : IAnswer
{
    public abstract string MediaType { get; }

    public static AwsOutput Of(AwsProtocol protocol, BufferedAnswer answer, string requestId, AwsService service) => protocol switch
    {
        AwsProtocol.Json => new JsonOutput(answer),
        AwsProtocol.QueryJson => new QueryJsonOutput(answer, requestId, service),
        AwsProtocol.Query => new XmlOutput(answer.Buffer, requestId, service),
    };

    public abstract void Begin(Operation operation);

    public abstract void End(Operation operation);

    /// <summary>Writes the error instead; returns the status.</summary>
    public abstract int Write(AwsError error);

    public abstract void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    public abstract void Number(ReadOnlySpan<byte> name, long value);

    public abstract void Boolean(ReadOnlySpan<byte> name, bool value);

    public abstract void Blob(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    public abstract void BeginList(ReadOnlySpan<byte> name, ReadOnlySpan<byte> item);

    public abstract void BeginItem();

    public abstract void EndItem();

    public abstract void Item(ReadOnlySpan<byte> value);

    public abstract void EndList();

    public abstract void BeginMap(ReadOnlySpan<byte> name, in MapWords query);

    public abstract void Entry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    public abstract void BeginEntry(ReadOnlySpan<byte> key);

    public abstract void EndEntry();

    public abstract void EndMap();

    protected static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
