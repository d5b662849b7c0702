using System.Buffers;
using System.Text;
using Messaging.Broker.Names;

namespace Messaging.Broker.Messages;

/// <summary>A <see cref="MessageOrigin"/> as the value of the header <c>_m.og</c>; <see cref="StoredHeaders"/> has the bytes.</summary>
internal static class StoredOrigin
{
    private const byte Id = 1, Account = 2, Space = 3, Queue = 4, Reason = 5, Detail = 6, ReceiveCount = 7, SentAt = 8;

    public static byte[] Encode(MessageOrigin origin)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Span<byte> id = stackalloc byte[MessageId.Bytes];
        origin.Id.TryCopyTo(id);
        Field(buffer, Id, id);
        Field(buffer, Account, origin.Queue.Account.Value);
        Field(buffer, Space, origin.Queue.Namespace.Value);
        Field(buffer, Queue, origin.Queue.Name.Value);
        Field(buffer, Reason, [(byte)origin.Reason]);
        if (origin.Detail is not null) Field(buffer, Detail, origin.Detail);
        Field(buffer, ReceiveCount, origin.ReceiveCount);
        Field(buffer, SentAt, origin.SentAtMs);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Null for what is not whole: a message is shown without it then. Fields of a later version are passed over.</summary>
    public static MessageOrigin? Decode(ReadOnlySpan<byte> value)
    {
        MessageId? id = null;
        string account = "", space = "", queue = "";
        string? detail = null;
        MoveReason reason = 0;
        long receiveCount = 0, sentAt = 0;
        while (!value.IsEmpty)
        {
            byte tag = value[0];
            value = value[1..];
            if (!StoredNumber.TryRead(ref value, out long length) || (ulong)length > (ulong)value.Length) return null;
            ReadOnlySpan<byte> field = value[..(int)length];
            value = value[(int)length..];
            switch (tag)
            {
                case Id when length == MessageId.Bytes:
                    id = new MessageId(field);
                    break;
                case Account:
                    account = Encoding.UTF8.GetString(field);
                    break;
                case Space:
                    space = Encoding.UTF8.GetString(field);
                    break;
                case Queue:
                    queue = Encoding.UTF8.GetString(field);
                    break;
                case Reason when length == 1:
                    reason = (MoveReason)field[0];
                    break;
                case Detail:
                    detail = Encoding.UTF8.GetString(field);
                    break;
                case ReceiveCount when StoredNumber.TryRead(ref field, out receiveCount):
                case SentAt when StoredNumber.TryRead(ref field, out sentAt):
                    break;
            }
        }

        bool isWhole = id is not null && reason is MoveReason.MaxReceives or MoveReason.Rejected && receiveCount is >= 0 and <= int.MaxValue && sentAt >= 0;
        return isWhole && AccountId.TryParse(account, out AccountId owner) && NamespaceName.TryParse(space, out NamespaceName parsed)
            && QueueName.TryParse(queue, out QueueName name)
            ? new MessageOrigin(id!.Value, new QueueKey(owner, parsed, name), reason, detail, (int)receiveCount, sentAt)
            : null;
    }

    private static void Field(ArrayBufferWriter<byte> buffer, byte tag, string text) => Field(buffer, tag, Encoding.UTF8.GetBytes(text));

    private static void Field(ArrayBufferWriter<byte> buffer, byte tag, long number)
    {
        Span<byte> value = stackalloc byte[StoredNumber.BytesMax];
        Field(buffer, tag, value[..StoredNumber.Write(value, number)]);
    }

    private static void Field(ArrayBufferWriter<byte> buffer, byte tag, scoped ReadOnlySpan<byte> value)
    {
        Span<byte> head = stackalloc byte[1 + StoredNumber.BytesMax];
        head[0] = tag;
        int length = 1 + StoredNumber.Write(head[1..], value.Length);
        buffer.Write(head[..length]);
        buffer.Write(value);
    }
}
