using Messaging.Storage.Journal;
using Messaging.Storage.Maintenance;
using Messaging.Storage.Reading;
using Messaging.Storage.Streams;
using Messaging.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Storage.Tests.Maintenance;

/// <summary>A long copy between its steps: spare slots are prepared, and it rests only while nobody waits for it.</summary>
public sealed class CopyPaceTests : IDisposable
{
    private static readonly LogEngineOptions Options = EngineRun.Small with { JournalSlots = 8 };
    private readonly SimDisk _disk = new(1);
    private readonly List<TimeSpan> _rests = [];
    private readonly CommitQueue _queue;
    private readonly JournalRing _ring;
    private readonly AdmissionGate _admission;
    private readonly DiskWatch _watch;
    private readonly CopyPace _pace;

    public CopyPaceTests()
    {
        _disk.CreateFolder("journal");
        _queue = new CommitQueue(Options.JournalSlotBytes);
        _ring = new JournalRing(_disk, Options);
        _admission = new AdmissionGate(_ring, Options.JournalSlotBytes, static () => false);
        _watch = new DiskWatch(_disk, Options, NullLogger.Instance);
        var writer = new JournalWriter(_ring, Options.JournalSlotBytes, 1, 1, _ring.Take(), default);
        var reader = new RecordReader(new BlockCache(0), NullLogger.Instance);
        var parts = new EngineParts(_disk, Options, _queue, writer, _ring, _admission, new StreamTable([], 0), reader);
        _pace = new CopyPace(parts, _watch, _rests.Add);
    }

    public void Dispose()
    {
        _ring.Dispose();
        _queue.Dispose();
    }

    [Fact]
    public void A_merge_rests_once_a_step_while_nothing_is_due()
    {
        for (int i = 0; i < 4 * 8; i++)
        {
            _pace.AfterMerging(CopyPace.StepBytes / 8);
        }

        Assert.Equal(Enumerable.Repeat(CopyPace.Pause, 4), _rests);
    }

    [Fact]
    public void A_merge_does_not_rest_while_a_flush_is_due()
    {
        TakeSlots(Options.JournalSlotsHigh);
        _pace.AfterMerging(CopyPace.StepBytes);
        Assert.Empty(_rests);

        _ring.Retire(_ring.Slots[0]);
        _pace.AfterMerging(CopyPace.StepBytes);
        Assert.Single(_rests);
    }

    [Fact]
    public void A_flush_never_rests()
    {
        _pace.AfterFlushing(4 * CopyPace.StepBytes);
        Assert.Empty(_rests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Spare_slots_are_prepared_in_the_middle_of_a_copy(bool isMerge)
    {
        Action<int> step = isMerge ? _pace.AfterMerging : _pace.AfterFlushing;
        step(CopyPace.StepBytes - 1);
        Assert.Empty(Spares());
        step(1);
        Assert.Equal(LogEngineOptions.JournalSlotsSpare, Spares().Count());
        _ring.Take();
        step(CopyPace.StepBytes);
        Assert.Equal(LogEngineOptions.JournalSlotsSpare, Spares().Count());
    }

    [Fact]
    public async Task Callers_that_wait_for_spare_slots_look_again()
    {
        Task<Admission> waiting = _admission.EnterAsync(1, hasRecords: true, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        _pace.AfterMerging(CopyPace.StepBytes);
        (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).Dispose();
    }

    [Fact]
    public void On_a_full_disk_a_copy_takes_no_space_for_spares_and_does_not_rest()
    {
        _watch.ReleaseBallast();
        _pace.AfterMerging(CopyPace.StepBytes);
        Assert.Empty(Spares());
        Assert.Empty(_rests);
    }

    private IEnumerable<JournalSlot> Spares() => _ring.Slots.Where(slot => slot.Use == 0);

    private void TakeSlots(int count)
    {
        while (_ring.UsedCount < count)
        {
            _ring.Take();
        }
    }
}
