using System.Buffers.Text;
using System.Text;

namespace Messaging.Benchmarks.Http;

/// <summary>The least of HTTP/1.1 that reads an answer with a Content-Length; anything else is an error of the benchmark.</summary>
internal readonly ref struct HttpResponse
{
    private HttpResponse(int status, ReadOnlySpan<byte> body, int totalBytes)
    {
        Status = status;
        Body = body;
        TotalBytes = totalBytes;
    }

    public int Status { get; }

    public ReadOnlySpan<byte> Body { get; }

    public int TotalBytes { get; }

    /// <summary>False: more has to come.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out HttpResponse response)
    {
        response = default;
        int head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        int length = LengthOf(bytes[..(head + 2)]);
        int total = head + 4 + length;
        if (bytes.Length < total || !Utf8Parser.TryParse(bytes[9..12], out int status, out _))
        {
            return false;
        }

        response = new HttpResponse(status, bytes.Slice(head + 4, length), total);
        return true;
    }

    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        // In either case: servers of others write it in small letters.
        ReadOnlySpan<byte> name = "\r\nContent-Length: "u8, small = "\r\ncontent-length: "u8;
        int at = Math.Max(head.IndexOf(name), head.IndexOf(small));
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _)
            ? length
            : throw new InvalidOperationException($"An answer without Content-Length: {Encoding.ASCII.GetString(head)}");
    }
}
