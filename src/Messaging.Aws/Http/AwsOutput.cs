using System.Buffers;
using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Operations;
using Messaging.Aws.Wire;
using Messaging.Http;

namespace Messaging.Aws.Http;

/// <summary>
/// One answer, in the protocol of its call: the members of an operation between <see cref="Begin"/> and <see cref="End"/>, or an error. XML as the API Reference shows it (Amazon SQS, "Interpreting Query API responses"). Hot path.
/// </summary>
internal sealed class AwsOutput(AwsProtocol protocol, BufferedAnswer answer, string requestId)
{
    private readonly XmlAnswer _xml = new(answer.Buffer);

    public string MediaType => protocol switch
    {
        AwsProtocol.Json => "application/x-amz-json-1.0",
        AwsProtocol.Query => "text/xml",
        AwsProtocol.QueryJson => BufferedAnswer.MediaType,
    };

    public IAnswer Begin(Operation operation)
    {
        if (protocol == AwsProtocol.Query)
        {
            answer.Buffer.Write("<?xml version=\"1.0\"?>"u8);
            _xml.Open(Encoding.ASCII.GetBytes($"{operation.Name}Response xmlns=\"{operation.XmlNamespace}\""));
            if (operation.HasResult)
                _xml.Open(Encoding.ASCII.GetBytes($"{operation.Name}Result"));
            return _xml;
        }
        answer.Writer.WriteStartObject();
        if (protocol == AwsProtocol.QueryJson)
        {
            answer.Writer.WriteStartObject($"{operation.Name}Response");
            answer.Writer.WriteStartObject($"{operation.Name}Result");
        }
        return protocol == AwsProtocol.Json ? new JsonAnswer(answer.Writer) : new QueryJsonAnswer(answer.Writer);
    }

    public void End(Operation operation)
    {
        if (protocol == AwsProtocol.Query)
        {
            if (operation.HasResult)
                _xml.Close(Encoding.ASCII.GetBytes($"{operation.Name}Result"));
            _xml.Open("ResponseMetadata"u8);
            _xml.Text("RequestId"u8, Encoding.ASCII.GetBytes(requestId));
            _xml.Close("ResponseMetadata"u8);
            _xml.Close(Encoding.ASCII.GetBytes($"{operation.Name}Response"));
            return;
        }
        answer.Writer.WriteEndObject();
        if (protocol == AwsProtocol.Json)
            return;
        answer.Writer.WriteStartObject("ResponseMetadata"u8);
        answer.Writer.WriteString("RequestId"u8, requestId);
        answer.Writer.WriteEndObject();
        answer.Writer.WriteEndObject();
        answer.Writer.WriteEndObject();
    }

    /// <summary>Writes what the service answers to a GET of a queue's URL that is no call; returns the status.</summary>
    public int WriteNoCall()
    {
        answer.Buffer.Write("<UnknownOperationException/>\n"u8);
        return 404;
    }

    /// <summary>Writes the error; returns the status.</summary>
    public int Write(AwsError error)
    {
        AwsErrorKind kind = AwsErrorTable.Of(error.Code);
        switch (protocol)
        {
            case AwsProtocol.Json:
                answer.Writer.WriteStartObject();
                answer.Writer.WriteString("__type"u8, kind.JsonType);
                answer.Writer.WriteString("message"u8, error.Message);
                answer.Writer.WriteEndObject();
                return kind.JsonStatus;
            case AwsProtocol.QueryJson:
                answer.Writer.WriteStartObject();
                answer.Writer.WriteStartObject("Error"u8);
                answer.Writer.WriteString("Type"u8, kind.Fault);
                answer.Writer.WriteString("Code"u8, kind.QueryCode);
                answer.Writer.WriteString("Message"u8, error.QueryMessage ?? error.Message);
                answer.Writer.WriteEndObject();
                answer.Writer.WriteString("RequestId"u8, requestId);
                answer.Writer.WriteEndObject();
                return kind.QueryStatus;
            default:
                WriteXml(error, kind);
                return kind.QueryStatus;
        }
    }

    private void WriteXml(AwsError error, in AwsErrorKind kind)
    {
        answer.Buffer.Write("<?xml version=\"1.0\"?>"u8);
        _xml.Open("ErrorResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\""u8);
        _xml.Open("Error"u8);
        _xml.Text("Type"u8, Encoding.ASCII.GetBytes(kind.Fault));
        _xml.Text("Code"u8, Encoding.ASCII.GetBytes(kind.QueryCode));
        _xml.Text("Message"u8, XmlText.Legal(error.QueryMessage ?? error.Message));
        _xml.Open("Detail/"u8);
        _xml.Close("Error"u8);
        _xml.Text("RequestId"u8, Encoding.ASCII.GetBytes(requestId));
        _xml.Close("ErrorResponse"u8);
    }
}
