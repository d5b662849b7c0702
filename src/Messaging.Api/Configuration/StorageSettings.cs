using System.Globalization;
using Messaging.Storage;

namespace Messaging.Api.Configuration;

/// <summary>
/// Reads the section "Messaging:Storage": how much of the disk the engine uses and when. The defaults suit a server; smaller values suit small
/// volumes and tests. Each value has its bounds here, so that a folder is never opened with numbers that only fail later.
/// </summary>
internal static class StorageSettings
{
    /// <summary>An operator's word to go on without journal frames that stand behind damage; the refusal to start names it.</summary>
    public const string AcceptJournalLoss = "Messaging:AcceptJournalLoss";

    private const string JournalSlotBytes = "Messaging:Storage:JournalSlotBytes";
    private const string JournalSlots = "Messaging:Storage:JournalSlots";
    private const string CheckpointBytes = "Messaging:Storage:CheckpointBytes";
    private const string PackBytesTarget = "Messaging:Storage:PackBytesTarget";
    private const string DiskReserveBytes = "Messaging:Storage:DiskReserveBytes";
    private const string BallastBytes = "Messaging:Storage:BallastBytes";

    /// <summary>Room for a few frames of the usual largest size; a call that does not fit into one slot is refused as too large.</summary>
    private const int JournalSlotBytesMin = 4 << 20;

    private const int BytesMax = 1 << 30;

    public static readonly string[] Known =
        [JournalSlotBytes, JournalSlots, CheckpointBytes, PackBytesTarget, DiskReserveBytes, BallastBytes, AcceptJournalLoss];

    public static LogEngineOptions Read(IConfiguration configuration, bool acceptJournalLoss)
    {
        var defaults = new LogEngineOptions();
        int slotBytes = (int)ReadNumber(configuration, JournalSlotBytes, defaults.JournalSlotBytes, JournalSlotBytesMin, BytesMax);
        if (slotBytes % StorageLimits.FrameAlignment != 0)
            throw new SettingException($"{JournalSlotBytes} must be a multiple of {StorageLimits.FrameAlignment}, not {slotBytes}.");
        return defaults with
        {
            JournalSlotBytes = slotBytes,
            JournalSlots = (int)ReadNumber(configuration, JournalSlots, defaults.JournalSlots, StorageLimits.JournalSlotsMin, StorageLimits.JournalSlotsMax),
            CheckpointBytes = ReadNumber(configuration, CheckpointBytes, defaults.CheckpointBytes, slotBytes, long.MaxValue),
            PackBytesTarget = (int)ReadNumber(configuration, PackBytesTarget, defaults.PackBytesTarget, 1 << 20, BytesMax),
            // A growing ring and the checkpoint that frees it must find room behind the last send.
            DiskReserveBytes = ReadNumber(configuration, DiskReserveBytes, defaults.DiskReserveBytes, 2L * slotBytes, long.MaxValue),
            BallastBytes = (int)ReadNumber(configuration, BallastBytes, defaults.BallastBytes, 0, BytesMax),
            AcceptJournalLoss = acceptJournalLoss,
        };
    }

    private static long ReadNumber(IConfiguration configuration, string name, long fallback, long min, long max)
    {
        string? value = configuration[name];
        if (value is null)
        {
            // A default may lie below a bound that another setting has raised.
            return Math.Max(fallback, min);
        }

        return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= min && number <= max
            ? number
            : throw new SettingException($"{name} must be a number from {min} to {max}, not '{value}'.");
    }
}
