using Messaging.Storage.Check;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Check;

/// <summary>What a power cut leaves is legal, wherever it falls: the check calls none of it damage.</summary>
public sealed class PowerCutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_folder_after_any_power_cut_has_no_damage(int seed)
    {
        var random = new Random(seed);
        var disk = new SimDisk(seed);
        SampleFolder.Fill(disk).Engine.Abandon();
        long callsOfOneRun = disk.DurableCalls;
        for (int cycle = 0; cycle < 30; cycle++)
        {
            // A fresh folder now and then: the first calls of all are the ones that create it.
            disk = cycle % 4 == 0 ? new SimDisk(seed + cycle) : disk;
            disk.CrashAt(disk.DurableCalls + 1 + random.NextInt64(cycle % 3 == 0 ? 30 : callsOfOneRun));
            Exception? end = Record.Exception(() => SampleFolder.Fill(disk).StopClean());
            Assert.True(end is null or SimCrashException, end?.ToString());
            disk.ClearPlan();
            disk.Crash(random);

            CheckReport report = FolderCheck.Run(disk);
            Assert.True(report.IsSound, $"cycle {cycle}: {string.Join('\n', report.Damages)}");
        }
    }
}
