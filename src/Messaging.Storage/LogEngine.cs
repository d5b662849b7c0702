using Messaging.Storage.Disk;
using Messaging.Storage.Journal;
using Messaging.Storage.Maintenance;
using Messaging.Storage.Meta;
using Messaging.Storage.Reading;
using Messaging.Storage.Recovery;
using Messaging.Storage.Streams;
using Microsoft.Extensions.Logging;

namespace Messaging.Storage;

/// <summary>
/// The log engine (engine.md): one durable journal shared by all streams, packs behind it, checkpoints over both. Owns the
/// data folder from <see cref="Open"/> to <see cref="DisposeAsync"/>. Commands enter one at a time (<see cref="BeginCommand"/>);
/// reads run beside them. A failing write or sync of the journal or of META calls <c>fatal</c>, which must end the process.
/// </summary>
public sealed partial class LogEngine : IAsyncDisposable
{
    private readonly IDisposable _lock;
    private readonly ILogger _logger;
    private readonly LogEngineOptions _options;
    private readonly CommitQueue _queue;
    private readonly JournalLoop _journal;
    private readonly JournalRing _ring;
    private readonly RecordReader _reader;
    private readonly StreamTable _streams;
    private readonly Maintainer _maintainer;
    private readonly AdmissionGate _admission;
    private bool _isDisposed;

    private LogEngine(IDisk disk, IDisposable folderLock, LogEngineOptions options, IStateMachine machine, RecoveredState state, ILogger logger, Action<Exception> fatal)
    {
        _lock = folderLock;
        _logger = logger;
        _options = options;
        _ring = state.Ring;
        (ClusterId, NodeId) = (state.Meta.ClusterId, state.Meta.NodeId);
        _streams = new StreamTable(state.Streams, state.LastStreamId);
        _reader = new RecordReader(new BlockCache(options.ReadCacheBytes), logger);

        // The folder's slots, whatever the options say today.
        int slotBytes = state.Meta.JournalSlotBytes;
        CommandBytesMax = slotBytes - JournalFormat.FrameHeaderBytes;
        _queue = new CommitQueue(slotBytes) { Position = state.Position };
        _ring.WriterBytesLeft = slotBytes - state.Position.Offset;
        _admission = new AdmissionGate(_ring, slotBytes, () => SendsRefused);
        var writer = new JournalWriter(
            _ring, slotBytes, state.Meta.Generation + 1, MetaRecord.SaltOf(state.Meta.Seed.Span, state.Meta.Generation + 1), _ring.Get(state.Position.Slot), state.Position);
        void Fail(Exception fault)
        {
            LogFailed(fault);
            fatal(fault);
        }

        _maintainer = new Maintainer(new EngineParts(disk, options with { JournalSlotBytes = slotBytes }, _queue, writer, _ring, _admission, _streams, _reader), machine, state, logger, Fail);
        _journal = new JournalLoop(_queue, writer, _maintainer.Signal, Fail);
        _maintainer.CommitByHand = options.RunThreads ? null : _journal.CommitOnce;
    }

    /// <summary>Whose data this is: made with the folder, for ever.</summary>
    public Guid ClusterId { get; }

    /// <summary>This folder: made with it, for ever. A copy of the folder has it too.</summary>
    public Guid NodeId { get; }

    /// <summary>The stream that is always there, id 0: what belongs to no other stream.</summary>
    public LogStream System => _streams.System;

    /// <summary>The highest id that any stream ever had. Belongs to the sequencer.</summary>
    public long LastStreamId => _streams.LastId;

    /// <summary>Sends should be refused: the disk is nearly full. Everything else goes on (engine.md section 9).</summary>
    public bool SendsRefused => _maintainer.DiskIsNearlyFull;

    /// <summary>Blocks of records that are damaged on the disk and answer errors.</summary>
    public int QuarantinedBlocks => _reader.QuarantinedBlocks;

    /// <summary>Opens or creates the folder: recovers, and is ready when it returns.</summary>
    /// <exception cref="StorageFaultException">The folder is in use, damaged, of another format, or can't be read or written.</exception>
    public static LogEngine Open(IDisk disk, LogEngineOptions options, IStateMachine machine, ILogger logger, Action<Exception> fatal)
    {
        Invariant.Check(options.JournalSlots >= StorageLimits.JournalSlotsMin, "the ring is large enough for admission");
        IDisposable folderLock = disk.Lock();
        try
        {
            RecoveredState state = new FolderRecovery(disk, options, machine).Run();
            var engine = new LogEngine(disk, folderLock, options, machine, state, logger, fatal);
            engine._maintainer.Begin(state);
            if (options.RunThreads)
            {
                engine._journal.Start();
                engine._maintainer.Start();
            }

            engine.LogOpened(state.Streams.Count, state.FramesReplayed, state.Meta.IsClean);
            return engine;
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Admits a command of at most <paramref name="bytes"/> that appends records, or else adds to what is stored: at once, or when there is room
    /// in the journal, in the order of the calls. Refused while <see cref="SendsRefused"/>, also while it waits. Hold it until the commit has completed.
    /// </summary>
    public ValueTask<Admission> AdmitRecordsAsync(int bytes, CancellationToken cancellationToken) => _admission.EnterAsync(bytes, hasRecords: true, cancellationToken);

    /// <summary>
    /// Admits a command of at most <paramref name="bytes"/> of state, such as a receive or an acknowledgement: it has room of its own, also where the disk is
    /// full. Refused after <see cref="StopAdmitting"/>, and when it waits where not even a checkpoint finds space.
    /// </summary>
    public ValueTask<Admission> AdmitStateAsync(int bytes, CancellationToken cancellationToken) => AdmitStateAsync(bytes, 1, cancellationToken);

    /// <summary>Admits so many commands of state of at most so many bytes each, one after the other.</summary>
    public ValueTask<Admission> AdmitStateAsync(int bytes, int commands, CancellationToken cancellationToken) =>
        _admission.EnterAsync(bytes, commands, hasRecords: false, cancellationToken);

    /// <summary>The engine is about to stop: refuses whoever waits for room, and whoever comes.</summary>
    public void StopAdmitting() => _admission.Close();

    /// <summary>
    /// Enters the sequencer for one command of at most <paramref name="bytes"/> (<see cref="Command.RecordBytes"/>,
    /// <see cref="Command.StateBytes"/>), admitted before or small. Dispose it in the same block, without waiting in between.
    /// </summary>
    public Command BeginCommand(int bytes) => new(this, _queue, bytes);

    /// <summary>The most that one command may append. Bytes.</summary>
    public int CommandBytesMax { get; }

    /// <summary>Completes when everything that was sequenced so far is synced: reads answer only what is on the disk.</summary>
    public ValueTask SyncedAsync()
    {
        ValueTask synced;
        using (Command command = BeginCommand(0))
        {
            synced = command.Commit();
        }

        return synced;
    }

    /// <summary>The journal is writing or syncing. A momentary value, from any thread: seen often, it tells how busy the journal is.</summary>
    public bool IsCommitting => _queue.IsInFlight;

    /// <summary>
    /// Reads records by offset, ascending, outside of the sequencer; only offsets whose commit has completed. The caller disposes
    /// the set. Stops before the bodies exceed <paramref name="bodyBytesMax"/>, but not before the first. Bytes that can't be read are
    /// reported as damaged, never thrown. Records of compressed batches are not found here: <see cref="ReadBatches"/>.
    /// </summary>
    public RecordSet Read(LogStream stream, ReadOnlySpan<long> offsets, long bodyBytesMax = long.MaxValue) => _reader.Read(stream, offsets, bodyBytesMax);

    /// <summary>
    /// Reads whole batches as they are stored, in order, from any thread and outside of the sequencer: from the one that holds <paramref name="from"/>, or else the first after it, up
    /// to but without those that begin at <paramref name="to"/> or at <see cref="LogStream.SyncedNext"/>; until they reach <paramref name="bytesMax"/>, but at least one, however
    /// large. Released records are not left out (<see cref="LogStream.HasReleasedAboveLow"/>, <see cref="CopyReleased"/>, <c>RecordBatchFilter</c>), nor what a first or last batch holds
    /// outside of the range. The caller disposes the set. Bytes that can't be read are reported by <see cref="BatchSet.State"/>, never thrown.
    /// </summary>
    public BatchSet ReadBatches(LogStream stream, long from, long to, int bytesMax) =>
        BatchRead.Run(_reader, stream, from, Math.Min(to, stream.SyncedNext), bytesMax);

    /// <summary>
    /// Writes which offsets from <paramref name="from"/> on are released, 64 a word, the first one as the lowest bit of the first word. Enters the sequencer for it, so only where
    /// <see cref="LogStream.HasReleasedAboveLow"/>, and outside of commands.
    /// </summary>
    public void CopyReleased(LogStream stream, long from, Span<ulong> bits)
    {
        lock (_queue.Gate)
        {
            stream.Released.CopyTo(from, bits);
        }
    }

    /// <summary>What writes the journal.</summary>
    internal JournalLoop Journal => _journal;

    /// <summary>What admits commands.</summary>
    internal AdmissionGate Admission => _admission;

    /// <summary>One turn of the journal; only without threads.</summary>
    internal bool CommitOnce() => _journal.CommitOnce();

    /// <summary>One turn of maintenance; only without threads. <paramref name="force"/> flushes and checkpoints whether it is due or not.</summary>
    internal void Maintain(bool force = false) => _maintainer.RunOnce(force);

    /// <summary>Everything that is sequenced is written and a checkpoint ends the journal: the next start replays nothing.</summary>
    public ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            try
            {
                _maintainer.Stop();
                _journal.Stop();
                _maintainer.CommitByHand = _journal.CommitOnce;
                _maintainer.End();
            }
            finally
            {
                _maintainer.Dispose();
                _queue.Dispose();
                _ring.Dispose();
                _lock.Dispose();
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Lets go of everything without writing anything, as a killed process does; only without threads.</summary>
    internal void Abandon()
    {
        Invariant.Check(!_options.RunThreads, "only an engine without threads is abandoned");
        _isDisposed = true;
        _ring.Dispose();
        _lock.Dispose();
    }

    internal LogStream AddStream() => _streams.Add();

    internal void RemoveStream(LogStream stream) => _streams.Remove(stream);

    [LoggerMessage(EventId = 4000, Level = LogLevel.Information, Message = "Opened the data folder: {Streams} streams, {Frames} frames replayed, stopped clean: {IsClean}.")]
    private partial void LogOpened(int streams, long frames, bool isClean);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Critical, Message = "The journal failed; the process must stop and recover.")]
    private partial void LogFailed(Exception fault);
}
