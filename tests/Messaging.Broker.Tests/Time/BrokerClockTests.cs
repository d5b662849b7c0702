using Messaging.Broker.Time;
using Messaging.TestKit;

namespace Messaging.Broker.Tests.Time;

public sealed class BrokerClockTests
{
    private readonly ManualTimeProvider _time = new();

    private long WallMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public void It_is_the_wall_clock_while_nothing_steps()
    {
        var clock = new BrokerClock(_time, floorMs: 0);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(WallMs, clock.NowMs());
            _time.Advance(TimeSpan.FromMilliseconds(i * 7));
        }
    }

    [Fact]
    public void A_step_back_slows_it_by_a_tenth_and_never_turns_it_back()
    {
        var clock = new BrokerClock(_time, floorMs: 0);
        long before = clock.NowMs();
        _time.Step(TimeSpan.FromHours(-1));
        Assert.Equal(before, clock.NowMs());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.InRange(clock.NowMs() - before, 8_999, 9_001);
        _time.Advance(TimeSpan.FromHours(11));
        Assert.Equal(WallMs, clock.NowMs());
    }

    [Fact]
    public void A_step_forward_hastens_it_by_a_tenth()
    {
        var clock = new BrokerClock(_time, floorMs: 0);
        long before = clock.NowMs();
        _time.Step(TimeSpan.FromDays(1));
        Assert.Equal(before, clock.NowMs());
        for (int i = 0; i < 1_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            clock.NowMs();
        }

        Assert.InRange(clock.NowMs() - before, 10_999, 11_001);
    }

    [Fact]
    public void It_starts_at_the_floor_where_the_wall_clock_is_behind()
    {
        long floor = WallMs + 5_000;
        var clock = new BrokerClock(_time, floor);
        Assert.Equal(floor, clock.NowMs());
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.InRange(clock.NowMs() - WallMs, 0, 1);
    }

    [Fact]
    public void What_it_told_between_two_looks_at_the_wall_clock_is_not_taken_back()
    {
        var clock = new BrokerClock(_time, floorMs: 0);
        _time.Step(TimeSpan.FromHours(-1));
        long before = clock.NowMs(), latest = before;
        for (int i = 0; i < 10_000; i++)
        {
            _time.Advance(TimeSpan.FromMicroseconds(10 + (i * 37 % 500)));
            long now = clock.NowMs();
            Assert.InRange(now, latest, latest + 1);
            latest = now;
        }

        // 2.6 s passed, and it is slowed.
        Assert.InRange(latest - before, 2_300, 2_400);
    }

    [Fact]
    public void A_thread_that_is_held_up_between_the_two_clocks_sees_no_step()
    {
        var time = new HeldUpTimeProvider();
        var clock = new BrokerClock(time, floorMs: 0);
        long before = clock.NowMs();
        time.Advance(TimeSpan.FromSeconds(10));
        time.HoldUpOnce = TimeSpan.FromSeconds(60);
        Assert.Equal(before + 70_000, clock.NowMs());
        Assert.Equal(before + 70_000, clock.NowMs());
    }

    [Fact]
    public void A_thread_that_is_held_up_behind_the_wall_clock_at_every_look_loses_no_time()
    {
        var time = new HeldUpTimeProvider();
        var clock = new BrokerClock(time, floorMs: 0);
        time.HoldUpAfter = TimeSpan.FromSeconds(1);
        long Look()
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            return clock.NowMs();
        }

        for (int i = 0; i < 20; i++)
        {
            long now = Look();
            Assert.Equal(time.WallMs, now);
        }

        time.Step(TimeSpan.FromSeconds(-10));
        long before = Look();
        Assert.InRange(Look() - before, 899, 902);
    }

    /// <summary>Time passes while somebody reads the wall clock.</summary>
    private sealed class HeldUpTimeProvider : TimeProvider
    {
        private readonly ManualTimeProvider _time = new();

        /// <summary>Before the next look at it.</summary>
        public TimeSpan HoldUpOnce { get; set; }

        /// <summary>After each.</summary>
        public TimeSpan HoldUpAfter { get; set; }

        public long WallMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

        public void Step(TimeSpan by) => _time.Step(by);

        public override long TimestampFrequency => _time.TimestampFrequency;

        public void Advance(TimeSpan time) => _time.Advance(time);

        public override long GetTimestamp() => _time.GetTimestamp();

        public override DateTimeOffset GetUtcNow()
        {
            Advance(HoldUpOnce);
            HoldUpOnce = TimeSpan.Zero;
            DateTimeOffset wall = _time.GetUtcNow();
            Advance(HoldUpAfter);
            return wall;
        }
    }
}
