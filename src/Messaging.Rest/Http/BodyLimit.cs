using Messaging.Broker;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;

namespace Messaging.Rest.Http;

/// <summary>How many bytes a body may have, and the problem of one that has more.</summary>
internal sealed record BodyLimit(int BytesMax, Problem Exceeded)
{
    public static readonly BodyLimit Send = OfJson(RestLimits.SendBodyBytesMax);

    public static readonly BodyLimit Document = OfJson(RestLimits.DocumentBytesMax);

    public static readonly BodyLimit Definitions = OfJson(RestLimits.DefinitionsBytesMax);

    /// <summary>The body is the message, so the queue's own limit is the body's.</summary>
    public static BodyLimit OfMessage(int bytesMax) =>
        new(bytesMax, Problem.Of(ErrorCode.MessageTooLarge, $"The queue takes messages of at most {bytesMax} bytes, attributes included."));

    /// <summary>The body is a record, or a record batch: the topic's own limit is the body's.</summary>
    public static BodyLimit OfRecord(int bytesMax) =>
        new(bytesMax, Problem.Of(ErrorCode.MessageTooLarge, $"The topic takes records, and record batches, of at most {bytesMax} bytes."));

    private static BodyLimit OfJson(int bytesMax) =>
        new(bytesMax, Problem.Of(FrontCode.BodyTooLarge, $"The body of this call may have at most {bytesMax} bytes."));
}
