using Messaging.Storage.Journal;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Journal;

/// <summary>What may be under way to the journal at once, and who waits for it.</summary>
public sealed class AdmissionTests : IDisposable
{
    private const int SlotBytes = 64 << 10;
    private const int FrameBytesMin = StorageLimits.FrameAlignment;
    private const int HeaderBytes = JournalFormat.FrameHeaderBytes;

    /// <summary>A command that fills a slot.</summary>
    private const int Whole = SlotBytes - HeaderBytes;
    private readonly SimDisk _disk = new(1);
    private readonly JournalRing _ring;
    private readonly AdmissionGate _gate;
    private bool _recordsAreRefused;

    public AdmissionTests()
    {
        _disk.CreateFolder("journal");
        _ring = new JournalRing(_disk, EngineRun.Small);
        _gate = new AdmissionGate(_ring, SlotBytes, () => _recordsAreRefused);
        _ring.Take();
        Assert.True(_ring.TryKeepSpares());
    }

    public void Dispose() => _ring.Dispose();

    [Fact]
    public async Task Records_under_way_fit_into_one_slot_and_the_next_waits_until_one_has_left()
    {
        Admission first = await Enter(Whole - FrameBytesMin, hasRecords: true);
        Admission second = await Enter(FrameBytesMin - HeaderBytes, hasRecords: true);
        Task<Admission> third = Enter(1, hasRecords: true);
        Assert.False(third.IsCompleted);
        second.Dispose();
        using Admission admitted = await third;
        Assert.False(admitted.IsRefused);
        first.Dispose();
        using Admission all = await Enter(Whole - FrameBytesMin, hasRecords: true);
        Assert.False(_gate.HasRoom(1, hasRecords: true));
    }

    [Fact]
    public async Task A_command_counts_as_the_frame_that_it_may_get_for_itself()
    {
        var admitted = new List<Admission>();
        while (_gate.HasRoom(1, hasRecords: true))
        {
            admitted.Add(await Enter(1, hasRecords: true));
        }

        Assert.Equal(SlotBytes / FrameBytesMin, admitted.Count);
        admitted.ForEach(admission => admission.Dispose());
        Assert.True(_gate.HasRoom(Whole, hasRecords: true));
    }

    [Fact]
    public void Several_commands_of_one_call_count_as_so_many_frames()
    {
        int admitted = 0;
        while (_gate.EnterAsync(1, commands: 3, hasRecords: false, CancellationToken.None).AsTask().IsCompleted)
        {
            admitted++;
        }

        Assert.Equal(9 * SlotBytes / 8 / FrameBytesMin / 3, admitted);
    }

    [Fact]
    public async Task Where_nothing_can_be_freed_only_who_would_not_even_fit_alone_is_refused()
    {
        while (_ring.FreeCount > 0)
        {
            _ring.Take();
        }

        _ring.WriterBytesLeft = 4 * FrameBytesMin;
        Admission first = await Enter(1, hasRecords: false);
        Admission second = await Enter(1, hasRecords: false);
        Task<Admission> third = Enter(1, hasRecords: false);
        Task<Admission> large = Enter(3 * FrameBytesMin, hasRecords: false);

        _gate.RefuseWaiting();

        Assert.False(third.IsCompleted);
        first.Dispose();
        Assert.False((await third).IsRefused);
        _gate.RefuseWaiting();
        Assert.True((await large).IsRefused);
        second.Dispose();
    }

    [Fact]
    public async Task Records_that_fill_a_slot_are_not_starved_by_state_that_never_ends()
    {
        var state = new Queue<Admission>();
        while (_gate.HasRoom(1, hasRecords: false))
        {
            state.Enqueue(await Enter(1, hasRecords: false));
        }

        Task<Admission> records = Enter(Whole, hasRecords: true);
        var next = new Queue<Task<Admission>>();
        for (int i = 0; i < 100 && !records.IsCompleted; i++)
        {
            next.Enqueue(Enter(1, hasRecords: false));
            if (state.TryDequeue(out Admission left))
            {
                left.Dispose();
            }

            if (next.Peek().IsCompleted)
            {
                state.Enqueue(await next.Dequeue());
            }
        }

        (await records.WaitAsync(TimeSpan.FromSeconds(60))).Dispose();
    }

    [Fact]
    public async Task State_has_room_of_its_own_beside_the_most_records()
    {
        using Admission records = await Enter(Whole, hasRecords: true);
        using Admission state = await Enter((SlotBytes / 8) - HeaderBytes, hasRecords: false);
        Assert.False(state.IsRefused);
        Assert.False(_gate.HasRoom(1, hasRecords: false));
    }

    [Fact]
    public async Task Records_leave_the_last_free_slots_to_state()
    {
        while (_ring.FreeCount > AdmissionGate.SlotsForState)
        {
            _ring.Take();
        }

        Task<Admission> records = Enter(1, hasRecords: true);
        Assert.False(records.IsCompleted);
        (await Enter(Whole, hasRecords: false)).Dispose();
        _ring.Take();
        Assert.False(_gate.HasRoom(Whole, hasRecords: false));
        (await Enter((SlotBytes / 2) - HeaderBytes, hasRecords: false)).Dispose();
        while (_ring.FreeCount > 0)
        {
            _ring.Take();
        }

        _ring.WriterBytesLeft = 4 * FrameBytesMin;
        (await Enter((2 * FrameBytesMin) - HeaderBytes, hasRecords: false)).Dispose();
        Assert.False(_gate.HasRoom((2 * FrameBytesMin) - HeaderBytes + 1, hasRecords: false));
        Assert.False(records.IsCompleted);

        foreach (JournalSlot slot in _ring.Slots)
        {
            _ring.Retire(slot);
        }

        _gate.Pulse();
        (await records).Dispose();
    }

    [Fact]
    public async Task Many_at_once_never_hold_more_than_fits()
    {
        long held = 0;
        long most = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                int bytes = 1 + ((caller * 7_919 + i * 104_729) % Whole);
                using Admission admission = await _gate.EnterAsync(bytes, hasRecords: true, CancellationToken.None);
                long now = Interlocked.Add(ref held, bytes);
                InterlockedMax(ref most, now);
                Interlocked.Add(ref held, -bytes);
            }
        })));
        Assert.InRange(most, 1, SlotBytes);
        Assert.Equal(0, _gate.Waiting);
        Assert.True(_gate.HasRoom(Whole, hasRecords: true));
    }

    [Fact]
    public async Task A_large_command_is_not_passed_by_small_ones_for_ever()
    {
        Admission small = await Enter(1, hasRecords: true);
        Task<Admission> large = Enter(Whole, hasRecords: true);
        Task<Admission> late = Enter(1, hasRecords: true);
        Assert.False(late.IsCompleted);
        small.Dispose();
        (await large).Dispose();
        (await late).Dispose();
    }

    [Fact]
    public async Task Who_waits_may_leave_and_those_behind_move_up()
    {
        Admission small = await Enter(1, hasRecords: true);
        using var leaving = new CancellationTokenSource();
        Task<Admission> large = _gate.EnterAsync(Whole, hasRecords: true, leaving.Token).AsTask();
        Task<Admission> late = Enter(1, hasRecords: true);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        (await late).Dispose();
        small.Dispose();
        Assert.True(_gate.HasRoom(Whole, hasRecords: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _gate.EnterAsync(1, hasRecords: true, leaving.Token).AsTask());
    }

    [Fact]
    public async Task On_a_nearly_full_disk_records_are_refused_also_those_that_wait_and_state_is_not()
    {
        using Admission all = await Enter(Whole, hasRecords: true);
        Task<Admission> waiting = Enter(1, hasRecords: true);
        _recordsAreRefused = true;
        _gate.Pulse();
        Assert.True((await waiting).IsRefused);
        Assert.True((await Enter(1, hasRecords: true)).IsRefused);
        using Admission state = await Enter(1, hasRecords: false);
        Assert.False(state.IsRefused);
    }

    [Fact]
    public async Task A_stop_refuses_who_waits_and_who_comes()
    {
        using Admission all = await Enter(Whole, hasRecords: true);
        using Admission rest = await Enter((SlotBytes / 8) - HeaderBytes, hasRecords: false);
        Task<Admission> records = Enter(1, hasRecords: true);
        Task<Admission> state = Enter(1, hasRecords: false);
        _gate.Close();
        Assert.True((await records).IsRefused);
        Assert.True((await state).IsRefused);
        Assert.True((await Enter(1, hasRecords: false)).IsRefused);
    }

    private Task<Admission> Enter(int bytes, bool hasRecords) => _gate.EnterAsync(bytes, hasRecords, CancellationToken.None).AsTask();

    private static void InterlockedMax(ref long most, long value)
    {
        for (long seen = Volatile.Read(ref most); value > seen;)
        {
            long before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
