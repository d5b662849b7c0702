using System.Globalization;
using System.Runtime.InteropServices;

namespace Messaging.Benchmarks.Measuring;

/// <summary>Under which a report's figures came about; they stand at its head.</summary>
internal sealed record Conditions(
    DateTimeOffset At, int Processors, string Memory, string System, string Runtime, string FileSystem, string LoadBefore, int Pairs, double Seconds, long Messages)
{
    private const double QuietLoadMax = 0.5;

    /// <summary>Others used the machine: no verdict of the report counts.</summary>
    public bool IsNoisy => !double.TryParse(LoadBefore.Split(' ')[0], CultureInfo.InvariantCulture, out double load) || load > QuietLoadMax;

    public static Conditions Of(RunOptions options, string folder)
    {
        var drive = new DriveInfo(folder);
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
        string load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Trim() : "unknown";
        return new Conditions(
            DateTimeOffset.UtcNow, Environment.ProcessorCount, $"{memory} MiB", RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription, drive.DriveFormat, load, options.Pairs, options.Seconds, options.Messages);
    }

    public override string ToString() =>
        $"{At:u}, {Processors} processors, {Memory}, {System}, {Runtime}, {FileSystem}, load before {LoadBefore}; {Pairs} pairs of {Seconds} s"
        + (IsNoisy ? "\nTHE MACHINE IS BUSY: what follows shows that the benchmarks run, and judges nothing." : "");
}
