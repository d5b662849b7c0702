extern alias front;

using System.Buffers;
using front::Messaging.Grpc;
using front::Messaging.Grpc.Queues;
using front::Messaging.Grpc.Streams;
using front::Messaging.Grpc.Topics;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Contract = front::Messaging.V1;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>What parts of requests take in memory, measured on the parser: what they are counted with is never less.</summary>
public sealed class PartBytesTests
{
    private const int Times = 100;

    private static readonly ByteString OneByte = ByteString.CopyFrom(1);

    public static TheoryData<string> Parts => [.. Reached().Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_with_all_of_its_fields_takes_no_more_than_it_counts_with(string name)
    {
        MessageDescriptor part = Reached()[name];
        byte[] wire = Filled(part);

        Assert.InRange(Allocated(part.Parser, wire) - (2 * wire.Length), 0, GrpcLimits.PartBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(1_000)]
    public void A_streams_request_weighs_no_less_than_it_takes(int attributes)
    {
        const int Entries = 20;
        var send = new Contract.StreamSendRequest();
        var publish = new Contract.StreamPublishRequest();
        for (int entry = 0; entry < Entries; entry++)
        {
            var message = new Contract.OutgoingMessage { Body = OneByte, Group = "g" };
            var record = new Contract.OutgoingRecord { Body = OneByte, Key = OneByte };
            for (int at = 0; at < attributes; at++)
            {
                message.Attributes.Add($"{at}", new Contract.Attribute { Binary = OneByte, CustomType = "c" });
                record.Attributes.Add($"{at}", new Contract.Attribute { Text = "t" });
                record.Headers.Add(new Contract.RecordHeader { Name = "n", Value = OneByte });
            }
            send.Messages.Add(message);
            publish.Records.Add(record);
        }

        Assert.InRange(Allocated(Contract.StreamSendRequest.Parser, send.ToByteArray()), 0, StreamReading.Weigh(send, MessageReader.Count(send.Messages)));
        Assert.InRange(Allocated(Contract.StreamPublishRequest.Parser, publish.ToByteArray()), 0, StreamReading.Weigh(publish, RecordReader.Count(publish.Records)));
        Assert.Equal(new RequestParts(Entries, Entries * attributes), MessageReader.Count(send.Messages));
        Assert.Equal(new RequestParts(Entries, 2 * Entries * attributes), RecordReader.Count(publish.Records));
    }

    // Every message that a request of the contract can have in it, itself included.
    private static Dictionary<string, MessageDescriptor> Reached()
    {
        var reached = new Dictionary<string, MessageDescriptor>(StringComparer.Ordinal);
        foreach (ServiceDescriptor service in front::Messaging.Grpc.V1Services.All)
        {
            foreach (MethodDescriptor method in service.Methods) Reach(method.InputType, reached);
        }
        return reached;
    }

    private static void Reach(MessageDescriptor message, Dictionary<string, MessageDescriptor> reached)
    {
        if (!reached.TryAdd(message.FullName, message)) return;
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message && !field.IsMap))
            Reach(field.MessageType, reached);
    }

    // Every field that is no part of its own once, with one byte or the number one.
    private static byte[] Filled(MessageDescriptor message)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            foreach (FieldDescriptor field in message.Fields.InFieldNumberOrder().Where(field => !field.IsRepeated && field.FieldType != FieldType.Message))
            {
                if (field.FieldType is FieldType.String or FieldType.Bytes)
                {
                    output.WriteTag(field.FieldNumber, WireFormat.WireType.LengthDelimited);
                    output.WriteBytes(OneByte);
                }
                else if (field.FieldType == FieldType.Double)
                {
                    output.WriteTag(field.FieldNumber, WireFormat.WireType.Fixed64);
                    output.WriteDouble(1);
                }
                else
                {
                    output.WriteTag(field.FieldNumber, WireFormat.WireType.Varint);
                    output.WriteInt32(1);
                }
            }
        }
        return bytes.ToArray();
    }

    // By this thread, on the average: with what the parser itself needs, and what lists and maps had before they grew.
    private static long Allocated(MessageParser parser, byte[] wire)
    {
        var sequence = new ReadOnlySequence<byte>(wire);
        parser.ParseFrom(sequence);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Times; i++) parser.ParseFrom(sequence);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
    }
}
