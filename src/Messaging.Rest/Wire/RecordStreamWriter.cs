using System.Buffers;
using System.Buffers.Text;
using Messaging.Broker.Topics;
using Messaging.Http;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// A piece of a stream of records: server-sent events (HTML Living Standard, section 9.2) whose ids are offsets, or lines of JSON. One for each piece; not thread-safe. Hot path.
/// </summary>
internal readonly struct RecordStreamWriter(BufferedAnswer piece, bool isEvents)
{
    private const int DigitsMax = 20;

    public void WriteRecord(in FetchedRecordReader record, BodyEncoding encoding)
    {
        if (isEvents)
            WriteId(record.Offset);
        RecordWriter.Write(piece.Writer, in record, encoding);
        EndDocument();
    }

    /// <summary>Why the stream ends here.</summary>
    public void WriteError(Problem problem)
    {
        if (isEvents)
            piece.Buffer.Write("event: error\ndata: "u8);
        piece.Writer.WriteStartObject();
        piece.Writer.WriteStartObject("error"u8);
        problem.WriteEntryMembers(piece.Writer);
        piece.Writer.WriteEndObject();
        piece.Writer.WriteEndObject();
        EndDocument();
    }

    /// <summary>Tells whoever stands in between that the stream lives. Lines have nothing that means nothing.</summary>
    public void WriteKeepAlive()
    {
        if (isEvents)
            piece.Buffer.Write(":\n\n"u8);
    }

    private void WriteId(long offset)
    {
        piece.Buffer.Write("id: "u8);
        Span<byte> digits = piece.Buffer.GetSpan(DigitsMax);
        Utf8Formatter.TryFormat(offset, digits, out int written);
        piece.Buffer.Advance(written);
        piece.Buffer.Write("\ndata: "u8);
    }

    // A new document: the writer would set a comma before a second one.
    private void EndDocument()
    {
        piece.Writer.Flush();
        piece.Writer.Reset();
        piece.Buffer.Write(isEvents ? "\n\n"u8 : "\n"u8);
    }
}
