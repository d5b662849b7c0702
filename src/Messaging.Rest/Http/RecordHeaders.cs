using System.Globalization;
using System.Text;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Http;

/// <summary>
/// What a raw record says in headers instead of JSON: <c>Message-Key</c> or <c>Message-Key-Base64</c>, <c>Message-Partition</c>, <c>Message-Timestamp</c>, <c>Message-Deduplication-Id</c>, and each of the record's own
/// headers as <c>Message-Header-</c> and its name. Other headers of that prefix are refused.
/// </summary>
internal sealed class RecordHeaders
{
    private const int Key = 0, KeyBase64 = 1, Partition = 2, Timestamp = 3, DeduplicationId = 4;
    private const string HeaderPrefix = MessageHeaders.Prefix + "Header-";

    public static readonly string[] Served = ["Message-Key", "Message-Key-Base64", "Message-Partition", "Message-Timestamp", "Message-Deduplication-Id"];

    private string? _contentType;
    private byte[]? _key;
    private int? _partition;
    private long? _timestampMs;
    private string? _deduplicationId;
    private List<RecordHeader>? _headers;

    public Problem? Read(HttpRequest request)
    {
        _contentType = request.ContentType is { Length: > 0 } contentType ? contentType : null;
        if (_contentType is not null && !ContentTypes.IsValid(_contentType))
            return Problem.Invalid("Content-Type", ContentTypes.Rule);
        foreach ((string name, StringValues values) in request.Headers)
        {
            if (name.StartsWith(MessageHeaders.Prefix, StringComparison.OrdinalIgnoreCase) && ReadOne(name, values) is { } problem)
                return problem;
        }
        return request.Headers.ContainsKey(Served[Key]) && request.Headers.ContainsKey(Served[KeyBase64])
            ? Problem.Invalid(Served[KeyBase64], $"A record has only one of {Served[Key]} and {Served[KeyBase64]}.")
            : null;
    }

    /// <summary>The broker names a field of a record; here it stands in a header, or is the body.</summary>
    public static Problem ProblemOf(BrokerError error) => Problem.Of(error) with
    {
        Field = error.Field?.Split('.') is [_, var field, ..]
            ? field switch
            {
                "key" => Served[Key],
                "partition" => Served[Partition],
                "timestamp" => Served[Timestamp],
                "deduplicationId" => Served[DeduplicationId],
                "contentType" => "Content-Type",
                _ => HeaderPrefix + "*",
            }
            : null,
    };

    public OutgoingRecord ToRecord(ReadOnlyMemory<byte> body) => new()
    {
        // By its type: a null that is converted to memory would be an empty key.
        Key = _key is null ? default(ReadOnlyMemory<byte>?) : _key,
        Value = body,
        ContentType = _contentType,
        Headers = _headers,
        TimestampMs = _timestampMs,
        Partition = _partition,
        DeduplicationId = _deduplicationId,
    };

    private Problem? ReadOne(string name, StringValues values)
    {
        if (name.Length > HeaderPrefix.Length && name.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase))
        {
            foreach (string? value in values)
                (_headers ??= []).Add(new RecordHeader(name[HeaderPrefix.Length..], Encoding.UTF8.GetBytes(value ?? "")));
            return null;
        }
        int index = Array.FindIndex(Served, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
            return Problem.Of(FrontCode.UnknownField, $"Known headers: {string.Join(", ", Served)}, and {HeaderPrefix}* for those of the record.", name);
        if (values.Count != 1)
            return Problem.Of(FrontCode.DuplicateField, "The header may stand there only once.", name);
        return ReadServed(index, values.ToString());
    }

    private Problem? ReadServed(int index, string value)
    {
        switch (index)
        {
            case Key:
                _key = Encoding.UTF8.GetBytes(value);
                return null;
            case KeyBase64:
                byte[] bytes = new byte[value.Length];
                bool isBase64 = Convert.TryFromBase64String(value, bytes, out int length);
                _key = bytes[..length];
                return isBase64 ? null : Problem.Invalid(Served[KeyBase64], "Must be base64 with padding (RFC 4648, section 4).");
            case DeduplicationId:
                _deduplicationId = value;
                return null;
            case Partition:
                bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int partition);
                _partition = partition;
                return isNumber ? null : Problem.Invalid(Served[Partition], "Must be the number of a partition.");
            default:
                Problem? noTime = Timestamps.Read(Encoding.UTF8.GetBytes(value), Served[Timestamp], out long timestampMs);
                _timestampMs = timestampMs;
                return noTime;
        }
    }
}
