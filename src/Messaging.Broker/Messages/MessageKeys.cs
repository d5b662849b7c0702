using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Messaging.Broker.Messages;

/// <summary>
/// The server's two keys: one makes message ids, the other vouches for receipts. Minted at the first start and kept in the system
/// stream; whoever has them can forge receipts. Safe for concurrent calls. Hot path: a call's blocks are encrypted together.
/// </summary>
/// <remarks>
/// A receipt's MAC is CBC-MAC over two blocks: (stream id, offset), then (receive count, version, zeros). CBC-MAC is a sound
/// pseudorandom function for messages of one fixed length, which these are; over a variable length it would not be. AES with a warm
/// key costs less here than HMAC, and one pass encrypts the blocks of all receipts of a call.
/// </remarks>
internal sealed class MessageKeys : IDisposable
{
    /// <summary>Bytes of each key.</summary>
    public const int KeyBytes = 32;

    private readonly BlockCipher _ids;
    private readonly BlockCipher _receipts;

    public MessageKeys(ReadOnlySpan<byte> idKey, ReadOnlySpan<byte> receiptKey) =>
        (_ids, _receipts) = (new BlockCipher(idKey.ToArray()), new BlockCipher(receiptKey.ToArray()));

    /// <summary>Ids of messages of one stream, in the order of the offsets.</summary>
    public void Identify(long streamId, ReadOnlySpan<long> offsets, Span<MessageId> ids)
    {
        int bytes = offsets.Length * BlockCipher.BlockBytes;
        byte[] plain = ArrayPool<byte>.Shared.Rent(bytes);
        byte[] encrypted = ArrayPool<byte>.Shared.Rent(bytes);
        for (int i = 0; i < offsets.Length; i++) WritePlace(Block(plain, i), streamId, offsets[i]);
        _ids.Encrypt(plain, encrypted, bytes);
        for (int i = 0; i < offsets.Length; i++) ids[i] = new MessageId(Block(encrypted, i));
        ArrayPool<byte>.Shared.Return(plain);
        ArrayPool<byte>.Shared.Return(encrypted);
    }

    /// <summary>Replaces the MAC of every receipt by the right one.</summary>
    public void Sign(Span<Receipt> receipts)
    {
        byte[] macs = Macs(receipts);
        for (int i = 0; i < receipts.Length; i++)
        {
            ref Receipt receipt = ref receipts[i];
            receipt = new Receipt(receipt.StreamId, receipt.Offset, receipt.ReceiveCount, BinaryPrimitives.ReadUInt128LittleEndian(Block(macs, i)));
        }

        ArrayPool<byte>.Shared.Return(macs);
    }

    /// <summary>Whether each receipt is one of this server, compared in constant time.</summary>
    public void Verify(ReadOnlySpan<Receipt> receipts, Span<bool> genuine)
    {
        byte[] macs = Macs(receipts);
        Span<byte> shown = stackalloc byte[BlockCipher.BlockBytes];
        for (int i = 0; i < receipts.Length; i++)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(shown, receipts[i].Mac);
            genuine[i] = CryptographicOperations.FixedTimeEquals(shown, Block(macs, i));
        }

        ArrayPool<byte>.Shared.Return(macs, clearArray: true);
    }

    public void Dispose()
    {
        _ids.Dispose();
        _receipts.Dispose();
    }

    private byte[] Macs(ReadOnlySpan<Receipt> receipts)
    {
        int bytes = receipts.Length * BlockCipher.BlockBytes;
        byte[] input = ArrayPool<byte>.Shared.Rent(bytes);
        byte[] output = ArrayPool<byte>.Shared.Rent(bytes);
        for (int i = 0; i < receipts.Length; i++) WritePlace(Block(input, i), receipts[i].StreamId, receipts[i].Offset);
        _receipts.Encrypt(input, output, bytes);
        for (int i = 0; i < receipts.Length; i++)
        {
            Span<byte> block = Block(output, i);
            BinaryPrimitives.WriteInt32LittleEndian(block, BinaryPrimitives.ReadInt32LittleEndian(block) ^ receipts[i].ReceiveCount);
            BinaryPrimitives.WriteUInt32LittleEndian(block[4..], BinaryPrimitives.ReadUInt32LittleEndian(block[4..]) ^ Receipt.Version);
        }

        _receipts.Encrypt(output, input, bytes);
        ArrayPool<byte>.Shared.Return(output, clearArray: true);
        return input;
    }

    private static Span<byte> Block(byte[] blocks, int index) => blocks.AsSpan(index * BlockCipher.BlockBytes, BlockCipher.BlockBytes);

    private static void WritePlace(Span<byte> block, long streamId, long offset)
    {
        BinaryPrimitives.WriteInt64LittleEndian(block, streamId);
        BinaryPrimitives.WriteInt64LittleEndian(block[8..], offset);
    }
}
