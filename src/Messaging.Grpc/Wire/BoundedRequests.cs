using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Messaging.Broker;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Http;

namespace Messaging.Grpc.Wire;

/// <summary>
/// Requests are counted before they are parsed: an empty entry is 2 bytes of the wire, fewer compressed, and some hundred of memory. Fields that the contract does not have are passed over, and not kept.
/// </summary>
internal static class BoundedRequests
{
    private const int VarintBitsMax = 70;
    private const int WireTypeBits = 3, WireTypeMask = 7;
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, StartGroup = 3, EndGroup = 4, Fixed32 = 5;

    /// <summary>The method with requests that are bounded. While a large one is parsed, what it is made of counts in <paramref name="bodies"/>, the bound of all bodies.</summary>
    public static Method<TRequest, TResponse> Of<TRequest, TResponse>(Method<TRequest, TResponse> method, BufferBudget bodies)
        where TRequest : class
        where TResponse : class
    {
        MessageDescriptor message = ((IMessage)Activator.CreateInstance<TRequest>()).Descriptor;
        MessageParser parser = message.Parser.WithDiscardUnknownFields(true);
        Marshaller<TRequest> requests = Marshallers.Create(
            method.RequestMarshaller.ContextualSerializer, context => (TRequest)Parse(message, parser, bodies, context.PayloadAsReadOnlySequence()));
        return new Method<TRequest, TResponse>(method.Type, method.ServiceName, method.Name, requests, method.ResponseMarshaller);
    }

    private static IMessage Parse(MessageDescriptor message, MessageParser parser, BufferBudget bodies, in ReadOnlySequence<byte> wire)
    {
        try
        {
            return ParseCounted(message, parser, bodies, wire);
        }
        catch (OutOfMemoryException)
        {
            // Not the request's fault, as the package would tell it, and over as soon as others are answered.
            throw Refusal.NoMemory();
        }
    }

    private static IMessage ParseCounted(MessageDescriptor message, MessageParser parser, BufferBudget bodies, in ReadOnlySequence<byte> wire)
    {
        // It has at most some ten megabytes of values, which are refused at once where a call can't have as many.
        if (wire.Length <= GrpcLimits.UncheckedBytesMax)
            return parser.ParseFrom(wire);
        var reader = new SequenceReader<byte>(wire);
        var contents = default(Contents);
        if (Count(message, ref reader, wire.Length, isOfMap: false, ref contents))
            return Parse(parser, bodies, (long)contents.Parts * GrpcLimits.PartBytes, wire);
        throw contents.Values <= GrpcLimits.RequestValuesMax
            ? CallFaults.Unreadable()
            : Refusal.Of(new BrokerError(ErrorCode.BatchTooLarge, $"A request has at most {GrpcLimits.RequestValuesMax} messages, texts and byte strings in all its fields."));
    }

    private static IMessage Parse(MessageParser parser, BufferBudget bodies, long memoryBytes, in ReadOnlySequence<byte> wire)
    {
        if (!bodies.TryTake(memoryBytes))
            throw Refusal.NoPlace(memoryBytes + (BudgetedReader.OfCompressedCall?.Held ?? GrpcLimits.PrefixBytes + wire.Length), bodies);
        try
        {
            return parser.ParseFrom(wire);
        }
        finally
        {
            bodies.Return(memoryBytes);
        }
    }

    // False where there are too many, or where the wire is not well-formed. Tags and lengths are numbers of 32 bits, as they are to the parser: of longer ones it leaves out what is above, and so does this. The fields of a group, which only what
    // the contract does not have can be, are no messages of it.
    private static bool Count(MessageDescriptor message, ref SequenceReader<byte> reader, long end, bool isOfMap, ref Contents contents)
    {
        int groups = 0;
        while (reader.Consumed < end)
        {
            if (!TryReadVarint(ref reader, out ulong tag))
                return false;
            int wireType = (int)tag & WireTypeMask;
            groups += wireType switch { StartGroup => 1, EndGroup => -1, _ => 0 };
            if (wireType != LengthDelimited)
            {
                if (!TrySkip(ref reader, wireType))
                    return false;
                continue;
            }
            if (!TryReadVarint(ref reader, out ulong length) || (uint)length > end - reader.Consumed || ++contents.Values > GrpcLimits.RequestValuesMax)
                return false;
            FieldDescriptor? field = groups == 0 ? message.FindFieldByNumber((int)((uint)tag >> WireTypeBits)) : null;
            bool isMessage = field is { FieldType: FieldType.Message };
            if (!isOfMap && (isMessage || field is { IsRepeated: true }))
                contents.Parts++;
            if (isMessage)
            {
                if (!Count(field!.MessageType, ref reader, reader.Consumed + (uint)length, field.IsMap, ref contents))
                    return false;
            }
            else
            {
                reader.Advance((uint)length);
            }
        }
        return true;
    }

    private static bool TrySkip(ref SequenceReader<byte> reader, int wireType) => wireType switch
    {
        Varint => TryReadVarint(ref reader, out _),
        Fixed64 => TryAdvance(ref reader, sizeof(ulong)),
        Fixed32 => TryAdvance(ref reader, sizeof(uint)),
        StartGroup or EndGroup => true,
        _ => false,
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
        for (int shift = 0; shift < VarintBitsMax; shift += 7)
        {
            if (!reader.TryRead(out byte next))
                return false;
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return true;
        }
        return false;
    }

    // What a request is made of: values of the wire, and those of them that are parts (GrpcLimits.PartBytes).
    private struct Contents
    {
        public int Values;
        public int Parts;
    }
}
