namespace Messaging.Storage.Packs;

/// <summary>What stands in a pack, in memory. <see cref="WasJournal"/>: its file was one of the journal's, where other things stand between the blocks.</summary>
internal sealed record PackIndex(PackedExtent[] Extents, PackBlock[] Blocks, bool WasJournal)
{
    /// <summary>Index and footer, which are to stand at <paramref name="position"/> and end the file.</summary>
    public byte[] Encode(long id, long position)
    {
        byte[] bytes = new byte[(Extents.Length * PackFormat.ExtentBytes) + (Blocks.Length * PackFormat.BlockBytes) + PackFormat.FooterBytes];
        Span<byte> rest = bytes;
        foreach (PackedExtent extent in Extents)
        {
            PackFormat.WriteExtent(rest, extent);
            rest = rest[PackFormat.ExtentBytes..];
        }

        foreach (PackBlock block in Blocks)
        {
            PackFormat.WriteBlock(rest, block);
            rest = rest[PackFormat.BlockBytes..];
        }

        uint crc = Crc32C.Compute(bytes.AsSpan(0, bytes.Length - PackFormat.FooterBytes));
        PackFormat.WriteFooter(rest, new PackFooter(position, Extents.Length, Blocks.Length, id, WasJournal), crc);
        return bytes;
    }
}
