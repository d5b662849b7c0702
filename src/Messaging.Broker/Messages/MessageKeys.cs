using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Messaging.Broker.Messages;

/// <summary>
/// The server's two keys: one makes message ids, the other vouches for receipts. Minted at the first start and kept in the system
/// stream; whoever has them can forge receipts. Safe for concurrent calls. Hot path: a call's blocks are encrypted together.
/// </summary>
/// <remarks>
/// A receipt's MAC is CBC-MAC over two blocks: (stream id, offset), then (receive count, version, zeros); a page token's the same with a version of its own. CBC-MAC is a sound
/// pseudorandom function for messages of one fixed length, which these are; over a variable length it would not be. AES with a warm
/// key costs less here than HMAC, and one pass encrypts the blocks of all receipts of a call. What has as many blocks as it needs begins with one
/// that has its length, and in place of a stream's id a mark that no stream has: so no message is the beginning of another, and CBC-MAC is sound.
/// </remarks>
internal sealed class MessageKeys : IDisposable
{
    /// <summary>Bytes of each key.</summary>
    public const int KeyBytes = 32;

    // In the place of a receipt's version.
    private const uint PageVersion = 2;

    // In the place of a message's offset.
    private const long NoOffset = -1;

    // In the place of a stream's id, which is never below 0.
    private const long WordsMark = -1;

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

    /// <summary>The id of what stands, or stood, at this place.</summary>
    public MessageId Identify(MessagePlace place)
    {
        Span<byte> plain = stackalloc byte[BlockCipher.BlockBytes];
        Span<byte> encrypted = stackalloc byte[BlockCipher.BlockBytes];
        WritePlace(plain, place.StreamId, place.Offset);
        _ids.EncryptBlock(plain, encrypted);
        return new MessageId(encrypted);
    }

    /// <summary>What <see cref="Identify(long, ReadOnlySpan{long}, Span{MessageId})"/> made an id of. Of an id that was never made: a place that is all chance.</summary>
    public MessagePlace Locate(MessageId id)
    {
        Span<byte> encrypted = stackalloc byte[BlockCipher.BlockBytes];
        Span<byte> plain = stackalloc byte[BlockCipher.BlockBytes];
        id.TryCopyTo(encrypted);
        _ids.DecryptBlock(encrypted, plain);
        return new MessagePlace(BinaryPrimitives.ReadInt64LittleEndian(plain), BinaryPrimitives.ReadInt64LittleEndian(plain[8..]));
    }

    /// <summary>The id of the topic whose first partition is this stream. No message has the offset that stands for it.</summary>
    public Guid IdOfTopic(long firstStreamId) => IdOf(firstStreamId, NoOffset);

    /// <summary>The id of the subscription of this number.</summary>
    public Guid IdOfSubscription(long number) => IdOf(number, NoOffset - 1);

    /// <summary>The number of the subscription of this id; false for what is none.</summary>
    public bool TryLocateSubscription(Guid id, out long number)
    {
        Span<byte> encrypted = stackalloc byte[BlockCipher.BlockBytes];
        id.TryWriteBytes(encrypted, bigEndian: true, out _);
        MessagePlace place = Locate(new MessageId(encrypted));
        number = place.StreamId;
        return place.Offset == NoOffset - 1;
    }

    private Guid IdOf(long number, long mark)
    {
        Span<byte> plain = stackalloc byte[BlockCipher.BlockBytes];
        Span<byte> encrypted = stackalloc byte[BlockCipher.BlockBytes];
        WritePlace(plain, number, mark);
        _ids.EncryptBlock(plain, encrypted);
        return new Guid(encrypted, bigEndian: true);
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

    /// <summary>Vouches for a page token of one stream. Receipts have another version in the MAC's second block, so that neither can pass for the other.</summary>
    public UInt128 MacOfPage(long streamId, long offset)
    {
        byte[] macs = Macs([new Receipt(streamId, offset, 0, 0)], PageVersion);
        UInt128 mac = BinaryPrimitives.ReadUInt128LittleEndian(Block(macs, 0));
        ArrayPool<byte>.Shared.Return(macs, clearArray: true);
        return mac;
    }

    /// <summary>Whether the token is one of this stream, compared in constant time.</summary>
    public bool IsOfPage(long streamId, PageToken token)
    {
        Span<byte> shown = stackalloc byte[BlockCipher.BlockBytes];
        Span<byte> right = stackalloc byte[BlockCipher.BlockBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(shown, token.Mac);
        BinaryPrimitives.WriteUInt128LittleEndian(right, MacOfPage(streamId, token.Offset));
        return CryptographicOperations.FixedTimeEquals(shown, right);
    }

    /// <summary>Vouches for a list of numbers, such as a commit token's: CBC-MAC over (mark, their number), then each with a zero.</summary>
    public UInt128 MacOfWords(ReadOnlySpan<long> words)
    {
        byte[] block = new byte[BlockCipher.BlockBytes];
        byte[] encrypted = new byte[BlockCipher.BlockBytes];
        WritePlace(block, WordsMark, words.Length);
        _receipts.Encrypt(block, encrypted, BlockCipher.BlockBytes);
        foreach (long word in words)
        {
            BinaryPrimitives.WriteInt64LittleEndian(encrypted, BinaryPrimitives.ReadInt64LittleEndian(encrypted) ^ word);
            (block, encrypted) = (encrypted, block);
            _receipts.Encrypt(block, encrypted, BlockCipher.BlockBytes);
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(encrypted);
    }

    /// <summary>Whether the MAC is that of the numbers, compared in constant time.</summary>
    public bool IsOfWords(ReadOnlySpan<long> words, UInt128 mac)
    {
        Span<byte> shown = stackalloc byte[BlockCipher.BlockBytes];
        Span<byte> right = stackalloc byte[BlockCipher.BlockBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(shown, mac);
        BinaryPrimitives.WriteUInt128LittleEndian(right, MacOfWords(words));
        return CryptographicOperations.FixedTimeEquals(shown, right);
    }

    public void Dispose()
    {
        _ids.Dispose();
        _receipts.Dispose();
    }

    private byte[] Macs(ReadOnlySpan<Receipt> receipts, uint version = Receipt.Version)
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
            BinaryPrimitives.WriteUInt32LittleEndian(block[4..], BinaryPrimitives.ReadUInt32LittleEndian(block[4..]) ^ version);
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
