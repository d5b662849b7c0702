using Messaging.Storage.Check;
using Messaging.Storage.Checkpoints;
using Messaging.Storage.Disk;
using Messaging.Storage.Journal;
using Messaging.Storage.Meta;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Check;

/// <summary>
/// Random bit flips, one at a time. Every byte of META, checkpoint and packs counts. Of the journal count the frames in the
/// slots that are in use. What the check leaves alone, and must: the zeros between a frame's end and the next boundary, what
/// stands behind the last frame of a slot, slots that are free, and the ballast.
/// </summary>
public sealed class BitFlipTests
{
    private const int Flips = 1200;
    private readonly SimDisk _disk = new(1);
    private readonly Random _random = new(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_flip_in_a_sealed_file_is_found_and_names_the_file(bool hasWholeBatches)
    {
        Fill(hasWholeBatches);
        string[] files = ["META-a", "META-b", .. Names("checkpoints"), .. Names("packs")];
        for (int i = 0; i < Flips; i++)
        {
            string name = files[_random.Next(files.Length)];
            (long position, Damage[] damages) = FlipAndCheck(name, 0, Length(name));

            Assert.True(damages.Any(damage => damage.File == name), $"a flip in {name} at {position} was not found");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flip_in_the_journal_is_found_where_a_frame_counts_and_nowhere_else(bool hasWholeBatches)
    {
        Fill(hasWholeBatches);
        Dictionary<string, List<(int From, int To)>> frames = FramesInUse();
        int found = 0;
        for (int i = 0; i < Flips; i++)
        {
            string name = Names("journal")[_random.Next(Names("journal").Length)];
            (long position, Damage[] damages) = FlipAndCheck(name, 0, Length(name));

            bool counts = frames.GetValueOrDefault(name, []).Exists(frame => position >= frame.From && position < frame.To);
            Assert.True(counts == damages.Length > 0, $"a flip in {name} at {position}, which {(counts ? "counts" : "does not count")}: {damages.Length} found");
            Assert.All(damages, damage => Assert.StartsWith("journal/", damage.File, StringComparison.Ordinal));
            found += counts ? 1 : 0;
        }

        Assert.InRange(found, Flips / 100, Flips);
    }

    [Fact]
    public void The_ballast_is_not_looked_into()
    {
        Fill(hasWholeBatches: false);
        Assert.Empty(FlipAndCheck("ballast", 0, Length("ballast")).Damages);
    }

    private void Fill(bool hasWholeBatches) => (hasWholeBatches ? BatchFolder.Fill(_disk) : SampleFolder.Fill(_disk)).StopClean();

    private (long Position, Damage[] Damages) FlipAndCheck(string name, long from, long to)
    {
        long position = _random.NextInt64(from, to);
        int bit = _random.Next(8);
        _disk.FlipBit(name, position, bit);
        Damage[] damages = [.. FolderCheck.Run(_disk).Damages];
        _disk.FlipBit(name, position, bit);
        return (position, damages);
    }

    // By the frames' own numbers, and on a folder that is known to be whole: independent of how the check walks.
    private Dictionary<string, List<(int From, int To)>> FramesInUse()
    {
        Checkpoint checkpoint = CheckpointFile.Read(_disk, MetaFile.ReadNewest(_disk, out _)!.CheckpointId);
        var found = new Dictionary<string, List<(int From, int To)>>(StringComparer.Ordinal);
        foreach (string name in checkpoint.Slots.Select(slot => JournalSlot.NameOf(slot.Slot)))
        {
            using IDiskFile file = _disk.Open(name, create: false);
            byte[] bytes = new byte[file.Length];
            file.Read(bytes, 0);
            found[name] = [];
            long last = 0;
            for (int offset = 0; offset < bytes.Length && JournalFormat.TryReadFrameHeader(bytes.AsSpan(offset), bytes.Length - offset, out FrameHeader header);)
            {
                if (last > 0 && header.Lsn != last + 1)
                {
                    break;
                }

                found[name].Add((offset, offset + header.Length));
                (last, offset) = (header.Lsn, offset + (int)JournalFormat.Align(header.Length));
            }
        }

        return found;
    }

    private string[] Names(string folder) => [.. _disk.List(folder).Select(file => $"{folder}/{file}")];

    private long Length(string name)
    {
        using IDiskFile file = _disk.Open(name, create: false);
        return file.Length;
    }
}
