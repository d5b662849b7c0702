using System.Text;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Rest.Http;

/// <summary>
/// What a raw message says in headers instead of JSON: <c>Message-Delay-Seconds</c>, <c>Message-Deliver-At</c>, <c>Message-Expires-In-Seconds</c>,
/// <c>Message-Traceparent</c>, <c>Message-Group</c>, <c>Message-Priority</c>, <c>Message-Deduplication-Id</c>, and <c>Message-Attributes</c> with the same JSON object as
/// elsewhere. Other headers of that prefix are refused. Owns the attributes'
/// memory.
/// </summary>
internal sealed class MessageHeaders : IDisposable
{
    public const string Prefix = "Message-";

    public static readonly string[] Served =
    [
        "Message-Delay-Seconds", "Message-Deliver-At", "Message-Attributes", "Message-Traceparent", "Message-Group", "Message-Priority", "Message-Expires-In-Seconds",
        "Message-Deduplication-Id",
    ];

    private static readonly string[] Later = ["Message-Tracestate"];

    private RequestDocument? _attributesDocument;
    private string? _contentType;
    private string? _traceParent;
    private string? _group;
    private int _priority;
    private string? _deduplicationId;
    private long _delayMilliseconds = OutgoingMessage.QueueDelay;
    private long? _deliverAtMs;
    private long _expiresInMilliseconds = OutgoingMessage.NoExpiry;
    private IReadOnlyList<MessageAttribute>? _attributes;

    public Problem? Read(HttpRequest request)
    {
        _contentType = request.ContentType is { Length: > 0 } contentType ? contentType : null;
        if (_contentType is not null && !ContentTypes.IsValid(_contentType))
            return Problem.Invalid("Content-Type", ContentTypes.Rule);
        foreach ((string name, StringValues values) in request.Headers)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && ReadOne(name, values) is { } problem)
                return problem;
        }
        return request.Headers.ContainsKey(Served[0]) && request.Headers.ContainsKey(Served[1])
            ? Problem.Invalid(Served[1], $"A message has only one of {Served[0]} and {Served[1]}.")
            : null;
    }

    /// <summary>A message in JSON says all this in its body; a header that was meant for it would change nothing.</summary>
    public static Problem? RefuseAny(HttpRequest request)
    {
        foreach ((string name, _) in request.Headers)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                return Problem.Of(FrontCode.UnknownField, "Headers of this prefix belong to the call that ends in /raw; here they are fields of each entry.", name);
        }
        return null;
    }

    /// <summary>The broker names a field of a message; here it stands in a header, or is the body.</summary>
    public static Problem ProblemOf(BrokerError error) => Problem.Of(error) with
    {
        Field = error.Field?.Split('.') is [_, var field, ..]
            ? field switch
            {
                "contentType" => "Content-Type", "deliverAt" => Served[1], "attributes" => Served[2], "traceparent" => Served[3], "group" => Served[4],
                "priority" => Served[5], "expiresInSeconds" => Served[6], "deduplicationId" => Served[7], _ => Served[0],
            }
            : null,
    };

    public OutgoingMessage ToMessage(ReadOnlyMemory<byte> body) => new()
    {
        Body = body,
        ContentType = _contentType,
        Attributes = _attributes,
        DelayMilliseconds = _delayMilliseconds,
        DeliverAtMs = _deliverAtMs,
        ExpiresInMilliseconds = _expiresInMilliseconds,
        TraceParent = _traceParent,
        Group = _group,
        Priority = _priority,
        DeduplicationId = _deduplicationId,
    };

    public void Dispose() => _attributesDocument?.Dispose();

    private Problem? ReadOne(string name, StringValues values)
    {
        string value = values.ToString();
        int index = IndexOf(Served, name);
        if (values.Count != 1 && index >= 0)
            return Problem.Of(FrontCode.DuplicateField, "The header may stand there only once.", name);
        switch (index)
        {
            case 0:
                return ReadSeconds(Served[0], value, 0, MessageLimits.DelaySecondsMax, out _delayMilliseconds);
            case 1:
                Problem? noTime = Timestamps.Read(Encoding.UTF8.GetBytes(value), Served[1], out long deliverAtMs);
                _deliverAtMs = deliverAtMs;
                return noTime;
            case 2:
                return ReadAttributes(value);
            case 3:
                _traceParent = value;
                return TraceParents.IsValid(value) ? null : Problem.Invalid(Served[3], TraceParents.Rule);
            case 4:
                _group = value;
                return null;
            case 5:
                return ReadPriority(value);
            case 6:
                return ReadSeconds(Served[6], value, 1, MessageLimits.ExpiresInSecondsMax, out _expiresInMilliseconds);
            case 7:
                _deduplicationId = value;
                return null;
        }
        return IndexOf(Later, name) >= 0
            ? Problem.NotSupported($"The header {name} is not supported yet.", name)
            : Problem.Of(FrontCode.UnknownField, $"Known headers: {string.Join(", ", Served)}.", name);
    }

    private static Problem? ReadSeconds(string name, string value, int min, int max, out long milliseconds)
    {
        bool inRange = int.TryParse(value, out int seconds) && seconds >= min && seconds <= max;
        milliseconds = seconds * 1000L;
        return inRange ? null : Problem.Invalid(name, $"Must be a whole number from {min} to {max}.");
    }

    private Problem? ReadPriority(string value) =>
        int.TryParse(value, out _priority) && _priority is >= 0 and < QueueLimits.PrioritiesMax
            ? null
            : Problem.Invalid(Served[5], $"Must be a whole number from 0 to {QueueLimits.PrioritiesMax - 1}.");

    private Problem? ReadAttributes(string value)
    {
        _attributesDocument = new RequestDocument(Encoding.UTF8.GetBytes(value), "The header");
        Problem? problem = JsonRequest.Parse(_attributesDocument, this, static (ref reader, document, headers) =>
            AttributeParser.Read(ref reader, document, out headers._attributes));
        if (problem is null)
            return null;
        return problem with { Field = Served[2], Detail = problem.Field is null ? problem.Detail : $"{problem.Field}: {problem.Detail}" };
    }

    private static int IndexOf(string[] names, string name) =>
        Array.FindIndex(names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
}
