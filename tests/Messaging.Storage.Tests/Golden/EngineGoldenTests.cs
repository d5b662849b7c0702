using System.Reflection;
using Messaging.Storage.Check;
using Messaging.Storage.Disk;
using Messaging.Storage.Meta;
using Messaging.Storage.Tests.Check;
using Messaging.Storage.Tests.Disk;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Golden;

/// <summary>Every format version that was ever released opens, with exactly what it held, and goes on.</summary>
public sealed class EngineGoldenTests
{
    private const string WriteVariable = "MESSAGING_WRITE_GOLDEN";
    private const string Engine = "v1/engine";
    private const string Batches = "v1/batches";
    private const string Promoted = "v2/promoted";
    private const string Shared = "v3/shared";

    private static readonly Assembly Tests = typeof(EngineGoldenTests).Assembly;

    public static TheoryData<string> Versions { get; } = [Engine, Batches, Promoted, Shared];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_golden_folder_has_no_damage(string version)
    {
        CheckReport report = FolderCheck.Run(GoldenFolder.Load(Tests, version));

        Assert.Empty(report.Damages);
        Assert.True(report.Summary is { StoppedClean: false, FramesAfterCheckpoint: > 3, TailBytes: > 0, Packs: > 1, CheckpointId: > 1 });
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_golden_folder_on_a_real_disk_is_checked_without_a_trace(string version)
    {
        using var folder = new TemporaryFolder();
        GoldenFolder.Extract(Tests, version, folder.Path);
        string[] before = Files(folder.Path);

        Assert.Empty(FolderCheck.Run(PosixDisk.OpenReadOnly(folder.Path)).Damages);
        Assert.Equal(before, Files(folder.Path));
        Assert.Throws<StorageFaultException>(() => PosixDisk.OpenReadOnly(folder.Path + "/missing"));

        using IDisposable held = new PosixDisk(folder.Path).Lock();
        Assert.Equal(
            StorageFault.FolderInUse,
            Assert.Throws<StorageFaultException>(() => FolderCheck.Run(PosixDisk.OpenReadOnly(folder.Path))).Fault);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_golden_folder_holds_exactly_what_was_written_and_takes_more(string version)
    {
        SimDisk disk = GoldenFolder.Load(Tests, version);
        string expected = GoldenFolder.LoadText(Tests, version);
        var run = new SampleRun(disk);
        Assert.Equal(expected, Describe(version, run));

        LogStream stream = run.CreateStream("of a later build");
        run.Send(stream, 50);
        run.Checkpoint();
        run.StopClean();

        run = new SampleRun(disk);
        Assert.StartsWith(expected, Describe(version, run), StringComparison.Ordinal);
        run.StopClean();
        Assert.Empty(FolderCheck.Run(disk).Damages);
    }

    /// <summary>Makes the current version's folders anew in memory; with the variable set to this folder's path, in files. See README.md.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public void The_generator_makes_the_same_content_as_the_current_golden_folder(string version)
    {
        var disk = new SimDisk(1);
        SampleRun run = version switch
        {
            Batches => BatchFolder.Fill(disk),
            Promoted => PromotedFolder.Fill(disk),
            Shared => SharedFolder.Fill(disk),
            _ => SampleFolder.Fill(disk),
        };
        string text = Describe(version, run);
        run.Engine.Abandon();
        disk.Kill();
        if (Environment.GetEnvironmentVariable(WriteVariable) is { Length: > 0 } folder && version.StartsWith($"v{MetaRecord.FormatVersion}/", StringComparison.Ordinal))
        {
            File.WriteAllBytes(Path.Combine(folder, version + ".zip"), GoldenFolder.Pack(disk));
            File.WriteAllText(Path.Combine(folder, version + ".txt"), text);
            return;
        }

        Assert.Equal(GoldenFolder.LoadText(Tests, version), text);
    }

    private static string Describe(string version, SampleRun run) => version == Engine ? run.Describe() : run.DescribeBatches();

    private static string[] Files(string folder) =>
        [.. Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O}").Order(StringComparer.Ordinal)];
}
