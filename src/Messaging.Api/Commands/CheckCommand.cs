using System.Globalization;
using Messaging.Storage;
using Messaging.Storage.Check;
using Messaging.Storage.Disk;

namespace Messaging.Api.Commands;

/// <summary>
/// <c>check &lt;folder&gt;</c>: verifies a data folder that no server has open, without writing to it. Prints the folder in
/// figures, a line per damage, then "no damage" or "N damaged". Exit codes: 0 sound, 1 damaged, 2 not checked.
/// </summary>
internal static class CheckCommand
{
    private const int Sound = 0;
    private const int Damaged = 1;
    private const int NotChecked = 2;

    /// <summary>With the arguments behind the verb.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is not [var folder] || folder.StartsWith('-'))
        {
            errors.WriteLine("usage: check <data folder>");
            return NotChecked;
        }

        try
        {
            CheckReport report = FolderCheck.Run(PosixDisk.OpenReadOnly(folder));
            if (report.Summary.IsEmpty)
            {
                errors.WriteLine($"check: '{folder}' is no data folder, or no server has written to it yet");
                return NotChecked;
            }

            Print(folder, report, output);
            return report.IsSound ? Sound : Damaged;
        }
        catch (StorageFaultException fault)
        {
            errors.WriteLine($"check: {fault.Message}");
            return NotChecked;
        }
    }

    private static void Print(string folder, CheckReport report, TextWriter output)
    {
        CheckSummary summary = report.Summary;
        Line($"{folder}: generation {summary.Generation}, checkpoint {summary.CheckpointId}, stopped {(summary.StoppedClean ? "clean" : "unclean")}");
        Line($"files    {summary.Files:N0}, {summary.Bytes:N0} bytes");
        Line($"journal  {summary.JournalSlotsUsed} of {summary.JournalSlots} slots in use, {summary.Frames:N0} frames, {summary.FramesAfterCheckpoint:N0} of them behind the checkpoint, {summary.TailBytes:N0} bytes of records");
        Line($"packs    {summary.Packs:N0}, {summary.Extents:N0} extents, {summary.PackBytesLive:N0} bytes live, {summary.PackBytesDead:N0} dead");
        Line($"streams  {summary.Streams:N0}, {summary.Records:N0} records");
        foreach (string note in report.Notes)
        {
            output.WriteLine($"note     {note}");
        }

        foreach (Damage damage in report.Damages)
        {
            output.WriteLine($"damage   {damage}");
        }

        Line(report.IsSound ? (FormattableString)$"no damage" : $"{report.DamageCount} damaged");

        void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }
}
