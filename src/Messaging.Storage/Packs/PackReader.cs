using Messaging.Storage.Disk;

namespace Messaging.Storage.Packs;

/// <summary>Reads a pack's header, footer and index, with their checks.</summary>
internal static class PackReader
{
    public static PackIndex ReadIndex(IDiskFile file, long id, string name)
    {
        long length = file.Length;
        Span<byte> header = stackalloc byte[PackFormat.HeaderBytes];
        Span<byte> footerBytes = stackalloc byte[PackFormat.FooterBytes];
        if (length < PackFormat.HeaderBytes + PackFormat.FooterBytes
            || file.Read(footerBytes, length - footerBytes.Length) != footerBytes.Length
            || !PackFormat.TryReadFooter(footerBytes, length, out PackFooter footer)
            || footer.PackId != id)
        {
            throw StorageFaultException.OfDamage(name, Math.Max(0, length - footerBytes.Length), "no footer of this pack");
        }

        if (!footer.WasJournal && (file.Read(header, 0) != header.Length || !PackFormat.HeaderIsValid(header, id)))
        {
            throw StorageFaultException.OfDamage(name, 0, "no header of this pack");
        }

        byte[] index = new byte[footer.IndexBytes];
        if (file.Read(index, footer.IndexPosition) != index.Length || !PackFormat.CrcIsValid(index, footerBytes))
        {
            throw StorageFaultException.OfDamage(name, footer.IndexPosition, "the index fails its checksum");
        }

        return Decode(index, footer, name);
    }

    private static PackIndex Decode(ReadOnlySpan<byte> index, in PackFooter footer, string name)
    {
        var extents = new PackedExtent[footer.ExtentCount];
        for (int i = 0; i < extents.Length; i++)
        {
            extents[i] = PackFormat.ReadExtent(index[(i * PackFormat.ExtentBytes)..]);
            if (extents[i].FirstBlock < 0 || extents[i].BlockCount < 1 || extents[i].FirstBlock > footer.BlockCount - extents[i].BlockCount)
            {
                throw StorageFaultException.OfDamage(name, footer.IndexPosition, $"extent {i} names blocks that are not there");
            }
        }

        ReadOnlySpan<byte> rest = index[(extents.Length * PackFormat.ExtentBytes)..];
        var blocks = new PackBlock[footer.BlockCount];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = PackFormat.ReadBlock(rest[(i * PackFormat.BlockBytes)..]);
            if (blocks[i].Length <= 0 || blocks[i].Position < PackFormat.HeaderBytes || blocks[i].Position > footer.IndexPosition - blocks[i].Length)
            {
                throw StorageFaultException.OfDamage(name, footer.IndexPosition, $"block {i} does not stand in the file");
            }
        }

        return new PackIndex(extents, blocks, footer.WasJournal);
    }
}
