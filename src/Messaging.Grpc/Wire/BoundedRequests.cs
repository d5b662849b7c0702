using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Messaging.Broker;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Wire;

/// <summary>
/// Requests are counted before they are parsed: an empty entry is 2 bytes of the wire, fewer compressed, and some hundred of memory. Fields that the contract does not have are passed over, and not kept.
/// </summary>
internal static class BoundedRequests
{
    private const int WireTypeBits = 3, WireTypeMask = 7;
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5;

    /// <summary>The method with requests that are bounded.</summary>
    public static Method<TRequest, TResponse> Of<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class
    {
        MessageDescriptor message = ((IMessage)Activator.CreateInstance<TRequest>()).Descriptor;
        MessageParser parser = message.Parser.WithDiscardUnknownFields(true);
        Marshaller<TRequest> requests = Marshallers.Create(
            method.RequestMarshaller.ContextualSerializer, context => (TRequest)Parse(message, parser, context.PayloadAsReadOnlySequence()));
        return new Method<TRequest, TResponse>(method.Type, method.ServiceName, method.Name, requests, method.ResponseMarshaller);
    }

    private static IMessage Parse(MessageDescriptor message, MessageParser parser, in ReadOnlySequence<byte> wire)
    {
        // Of little bytes little comes, and nothing of the kind is kept for long.
        if (wire.Length <= GrpcLimits.UncountedBytesMax)
            return parser.ParseFrom(wire);
        var reader = new SequenceReader<byte>(wire);
        int left = GrpcLimits.RequestValuesMax;
        Count(message, ref reader, wire.Length, ref left);
        return left >= 0
            ? parser.ParseFrom(wire)
            : throw Refusal.Of(new BrokerError(ErrorCode.BatchTooLarge, $"A request has at most {GrpcLimits.RequestValuesMax} messages, texts and byte strings in all its fields."));
    }

    // Ends where there are too many, or where the wire is not well-formed: the parser comes no further either, and says so.
    private static bool Count(MessageDescriptor? message, ref SequenceReader<byte> reader, long end, ref int left)
    {
        while (reader.Consumed < end)
        {
            if (!TryReadVarint(ref reader, out ulong tag))
                return false;
            int wireType = (int)tag & WireTypeMask;
            if (wireType != LengthDelimited)
            {
                if (!TrySkip(ref reader, wireType))
                    return false;
                continue;
            }
            if (!TryReadVarint(ref reader, out ulong length) || length > (ulong)Math.Max(0, end - reader.Consumed) || --left < 0)
                return false;
            if (message?.FindFieldByNumber((int)(tag >> WireTypeBits)) is { FieldType: FieldType.Message } field)
            {
                if (!Count(field.MessageType, ref reader, reader.Consumed + (long)length, ref left))
                    return false;
            }
            else
            {
                reader.Advance((long)length);
            }
        }
        return true;
    }

    // Of a group, which only a field that is not of the contract can be, the fields are counted like others.
    private static bool TrySkip(ref SequenceReader<byte> reader, int wireType) => wireType switch
    {
        Varint => TryReadVarint(ref reader, out _),
        Fixed64 => TryAdvance(ref reader, sizeof(ulong)),
        Fixed32 => TryAdvance(ref reader, sizeof(uint)),
        _ => true,
    };

    private static bool TryAdvance(ref SequenceReader<byte> reader, int bytes)
    {
        if (reader.Remaining < bytes)
            return false;
        reader.Advance(bytes);
        return true;
    }

    private static bool TryReadVarint(ref SequenceReader<byte> reader, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (!reader.TryRead(out byte next))
                return false;
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return true;
        }
        return false;
    }
}
