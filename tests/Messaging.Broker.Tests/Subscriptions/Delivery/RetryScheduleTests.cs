using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Broker.Tests.Subscriptions.Delivery;

public sealed class RetryScheduleTests
{
    [Fact]
    public void The_default_is_three_retries_twenty_seconds_apart() => Assert.Equal([20, 20, 20], Seconds(new RetryPolicy().Schedule));

    [Theory]
    [InlineData(BackoffFunction.Linear, new[] { 0d, 0, 1, 1, 1, 25.75, 50.5, 75.25, 100, 100 })]
    [InlineData(BackoffFunction.Arithmetic, new[] { 0d, 0, 1, 1, 1, 10.9, 30.7, 60.4, 100, 100 })]
    [InlineData(BackoffFunction.Geometric, new[] { 0d, 0, 1, 1, 1, 3.162, 10, 31.623, 100, 100 })]
    [InlineData(BackoffFunction.Exponential, new[] { 0d, 0, 1, 1, 1, 7.6, 20.8, 47.2, 100, 100 })]
    public void The_phases_come_one_after_the_other(BackoffFunction function, double[] seconds) => Assert.Equal(
        seconds,
        Seconds(new RetryPolicy { MinDelayTarget = 1, MaxDelayTarget = 100, NumRetries = 10, NumNoDelayRetries = 2, NumMinDelayRetries = 2, NumMaxDelayRetries = 1, BackoffFunction = function }.Schedule));

    [Fact]
    public void Queues_and_functions_are_tried_for_23_days()
    {
        RetrySchedule schedule = RetrySchedule.Managed;

        Assert.Equal(100_015, schedule.Retries);
        Assert.Equal([0, 0, 0, 1, 1, 1], Seconds(schedule).Take(6));
        Assert.Equal([20, 20], Seconds(schedule).Skip(14).Take(2));
        Assert.Equal(23, TimeSpan.FromMilliseconds(schedule.TotalMs).Days);
        Assert.Equal(20_000, schedule.DelayMs(100_015));
        Assert.Null(schedule.DelayMs(100_016));
    }

    [Fact]
    public void Mail_and_phones_are_tried_50_times_over_six_hours()
    {
        RetrySchedule schedule = RetrySchedule.CustomerManaged;

        Assert.Equal(50, Seconds(schedule).Count());
        Assert.Equal([10, 10, 10], Seconds(schedule).Take(3));
        Assert.Equal([600, 600], Seconds(schedule).Skip(11).Take(2));
        Assert.Equal(6, TimeSpan.FromMilliseconds(schedule.TotalMs).Hours);
    }

    [Fact]
    public void No_retries_are_none() => Assert.Null(new RetryPolicy { NumRetries = 0 }.Schedule.DelayMs(1));

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Delays_never_shrink_and_stay_between_their_bounds(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++)
        {
            long min = 1_000L * random.Next(1, 3_600);
            var schedule = new RetrySchedule
            {
                Immediate = random.Next(4),
                AfterMin = random.Next(4),
                BackingOff = random.Next(95),
                AfterMax = random.Next(4),
                MinMs = min,
                MaxMs = random.Next(3) == 0 ? min : min + random.Next(3_600_000),
                Function = (BackoffFunction)random.Next(4),
            };

            long before = 0, total = 0;
            for (int failures = 1; failures <= schedule.Retries; failures++)
            {
                long delay = schedule.DelayMs(failures)!.Value;
                Assert.InRange(delay, before, schedule.MaxMs);
                if (failures > schedule.Immediate) Assert.InRange(delay, schedule.MinMs, schedule.MaxMs);
                else Assert.Equal(0, delay);
                (before, total) = (delay, total + delay);
            }

            Assert.Equal(total, schedule.TotalMs);
            Assert.Null(schedule.DelayMs(schedule.Retries + 1));
            if (schedule is { BackingOff: > 1, AfterMax: 0 }) Assert.Equal(schedule.MaxMs, before);
        }
    }

    [Fact]
    public void Each_function_is_slower_at_first_than_the_one_before_it()
    {
        long[] early = [.. Enum.GetValues<BackoffFunction>().Select(function =>
            new RetryPolicy { MinDelayTarget = 5, MaxDelayTarget = 260, NumRetries = 10, BackoffFunction = function }.Schedule.DelayMs(5)!.Value)];

        Assert.Equal(early.OrderDescending(), early);
        Assert.Equal(4, early.Distinct().Count());
    }

    private static IEnumerable<double> Seconds(RetrySchedule schedule)
    {
        for (int failures = 1; schedule.DelayMs(failures) is { } delay; failures++) yield return delay / 1_000d;
    }
}
