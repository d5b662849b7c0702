using Messaging.Storage.Disk;
using Microsoft.Extensions.Logging;

namespace Messaging.Storage.Maintenance;

/// <summary>
/// Knows when the disk is nearly full: then sends are refused, and the ballast gives its space to clean-up (engine.md
/// section 9). Called by the maintenance thread; <see cref="IsNearlyFull"/> is read by all.
/// </summary>
internal sealed partial class DiskWatch(IDisk disk, LogEngineOptions options, ILogger logger)
{
    /// <summary>A file of reserved space that says nothing (docs/formats.md).</summary>
    public const string BallastName = "ballast";
    private volatile bool _isNearlyFull;
    private bool _hasFailed;

    public bool IsNearlyFull => _isNearlyFull;

    /// <summary>Measures the free space and puts the ballast back where there is plenty.</summary>
    public void Look()
    {
        long free = disk.FreeBytes();
        bool hasBallast = HasBallast();
        long enough = options.DiskReserveBytes + (_isNearlyFull ? options.DiskReserveBytes / 4 : 0) + (hasBallast ? 0 : options.BallastBytes);
        bool isNearlyFull = free < enough || _hasFailed;
        if (isNearlyFull != _isNearlyFull)
        {
            _isNearlyFull = isNearlyFull;
            if (isNearlyFull)
            {
                LogNearlyFull(free, enough);
            }
            else
            {
                LogEnoughSpace(free);
            }
        }

        if (!isNearlyFull && !hasBallast && options.BallastBytes > 0)
        {
            CreateBallast();
        }
    }

    /// <summary>A pack, checkpoint or slot found no space: true when releasing the ballast may help, so that it is tried again.</summary>
    public bool ReleaseBallast()
    {
        _isNearlyFull = true;
        _hasFailed = true;
        if (!disk.Exists(BallastName))
        {
            return false;
        }

        LogBallastReleased(options.BallastBytes);
        disk.Delete(BallastName);
        return true;
    }

    /// <summary>What had failed for want of space went well.</summary>
    public void Succeeded() => _hasFailed = false;

    private void CreateBallast()
    {
        try
        {
            using IDiskFile file = disk.Open(BallastName, create: true);
            file.Allocate(options.BallastBytes);
            file.DataSync();
            disk.SyncFolder("");
        }
        catch (StorageFaultException)
        {
            if (disk.Exists(BallastName))
            {
                disk.Delete(BallastName);
            }
        }
    }

    // A crash may leave it without its size.
    private bool HasBallast()
    {
        if (!disk.Exists(BallastName))
        {
            return false;
        }

        using IDiskFile file = disk.Open(BallastName, create: false);
        return file.Length >= options.BallastBytes;
    }

    [LoggerMessage(EventId = 4010, Level = LogLevel.Error, Message = "The disk is nearly full: {FreeBytes} bytes are free, and {EnoughBytes} are wanted, for the reserve and the ballast. Sends are refused until there is space.")]
    private partial void LogNearlyFull(long freeBytes, long enoughBytes);

    [LoggerMessage(EventId = 4011, Level = LogLevel.Information, Message = "The disk has space again ({FreeBytes} bytes free): sends are accepted.")]
    private partial void LogEnoughSpace(long freeBytes);

    [LoggerMessage(EventId = 4012, Level = LogLevel.Warning, Message = "The disk is full: released the ballast of {Bytes} bytes for clean-up.")]
    private partial void LogBallastReleased(int bytes);
}
