using Messaging.Storage.Journal;
using Messaging.TestKit;

namespace Messaging.Storage.Tests.Journal;

/// <summary>Which slot the writer may take.</summary>
public sealed class JournalRingTests
{
    private readonly SimDisk _disk = new(1);

    public JournalRingTests() => _disk.CreateFolder("journal");

    [Fact]
    public void A_slot_that_a_reader_holds_is_not_recycled_before_the_reader_lets_go()
    {
        using var ring = new JournalRing(_disk, EngineRun.Small);
        JournalSlot first = ring.Take();
        first.Pin();
        JournalSlot second = ring.Take();
        ring.Retire(first);
        Assert.NotSame(first, ring.Take());

        first.Unpin();
        Assert.Same(first, ring.Take());
        ring.Retire(second);
    }

    [Fact]
    public void Uses_rise_and_the_count_follows()
    {
        using var ring = new JournalRing(_disk, EngineRun.Small);
        JournalSlot first = ring.Take();
        JournalSlot second = ring.Take();
        Assert.True(second.Use > first.Use);
        Assert.Equal(2, ring.UsedCount);
        ring.Retire(first);
        Assert.Equal(1, ring.UsedCount);
        Assert.True(ring.Take().Use > second.Use);
        ring.Condemn(second);
        Assert.Equal(1, ring.UsedCount);
        ring.Retire(second);
        Assert.Equal(1, ring.UsedCount);
    }

    [Fact]
    public void Spares_are_kept_as_far_as_the_ring_may_grow()
    {
        LogEngineOptions options = EngineRun.Small with { JournalSlots = 6 };
        using var ring = new JournalRing(_disk, options);
        ring.Take();
        Assert.True(ring.TryKeepSpares());
        Assert.Equal(1 + LogEngineOptions.JournalSlotsSpare, _disk.List("journal").Count);
        ring.Take();
        ring.Take();
        Assert.True(ring.TryKeepSpares());
        Assert.Equal(options.JournalSlots, _disk.List("journal").Count);
        Assert.Equal(options.JournalSlots - 3, ring.FreeCount);
    }

    [Fact]
    public void Without_space_for_spares_the_ring_says_so_and_leaves_nothing_behind()
    {
        using var ring = new JournalRing(_disk, EngineRun.Small);
        ring.Take();
        _disk.CapacityBytes = EngineRun.Small.JournalSlotBytes * 2;
        Assert.False(ring.TryKeepSpares());
        Assert.Equal(1, ring.FreeCount);
        Assert.DoesNotContain(_disk.List("journal"), name => name.EndsWith(".new", StringComparison.Ordinal));
        _disk.CapacityBytes = 1 << 30;
        Assert.True(ring.TryKeepSpares());
        Assert.Equal(LogEngineOptions.JournalSlotsSpare, ring.FreeCount);
    }
}
