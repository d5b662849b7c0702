using Messaging.Broker.Topics;
using Messaging.TestKit;

namespace Messaging.Broker.Tests.Topics;

/// <summary>Readers of old records leave the disk to a busy journal.</summary>
public sealed class ReadPaceTests
{
    private static readonly TimeSpan Read = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ManualTimeProvider _time = new();
    private readonly ReadPace _pace;
    private bool _isCommitting;

    public ReadPaceTests() => _pace = new ReadPace(_time, () => _isCommitting);

    [Fact]
    public async Task Beside_a_journal_that_never_rests_readers_rest_longest_and_all_of_them()
    {
        LookOften(busy: 1, idle: 0);
        Task first = _pace.RestAsync(CancellationToken.None).AsTask(), second = _pace.RestAsync(CancellationToken.None).AsTask();
        Assert.False(first.IsCompleted);
        _time.Advance(Read * (ReadPace.RestFactorMax - 1));
        Assert.False(second.IsCompleted);
        _time.Advance(Read);
        await Task.WhenAll(first, second).WaitAsync(Patience);
        Assert.True(_pace.RestAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void Beside_a_journal_that_rests_readers_go_on(int busy, int idle)
    {
        LookOften(busy, idle);
        Assert.True(_pace.RestAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task The_busier_the_journal_the_longer_the_rest()
    {
        LookOften(busy: 3, idle: 1);
        Task rest = _pace.RestAsync(CancellationToken.None).AsTask();
        _time.Advance(Read);
        Assert.False(rest.IsCompleted);
        _time.Advance(Read * (ReadPace.RestFactorMax - 2));
        await rest.WaitAsync(Patience);
    }

    [Fact]
    public async Task Nobody_rests_longer_than_the_limit_however_long_and_however_many_read()
    {
        LookOften(busy: 1, idle: 0);
        long began = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMinutes(1));
        for (int reader = 0; reader < 200; reader++) _pace.Add(began);
        Task rest = _pace.RestAsync(CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(TopicLimits.ReadRestMsMax - 1));
        Assert.False(rest.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await rest.WaitAsync(Patience);
    }

    [Fact]
    public async Task Of_reads_at_the_same_time_each_moment_counts_once()
    {
        LookOften(busy: 1, idle: 0);
        _time.Advance(Read * ReadPace.RestFactorMax);
        long began = _time.GetTimestamp();
        _time.Advance(Read);
        for (int reader = 0; reader < 5; reader++) _pace.Add(began);
        Task rest = _pace.RestAsync(CancellationToken.None).AsTask();
        _time.Advance(Read * ReadPace.RestFactorMax);
        await rest.WaitAsync(Patience);
    }

    [Fact]
    public async Task Who_leaves_does_not_rest()
    {
        LookOften(busy: 1, idle: 0);
        using var leaves = new CancellationTokenSource();
        Task rest = _pace.RestAsync(leaves.Token).AsTask();
        Assert.False(rest.IsCompleted);
        await leaves.CancelAsync();
        await rest;
        Assert.Equal(0, _time.ActiveTimers);
    }

    // So that the share is known; then nobody owes a rest but for the last read, which finds the journal busy.
    private void LookOften(int busy, int idle)
    {
        for (int look = 0; look < 200; look++)
        {
            for (int i = 0; i < busy + idle; i++)
            {
                _isCommitting = i >= idle;
                _pace.Add(_time.GetTimestamp());
            }
        }

        _isCommitting = busy > 0;
        long began = _time.GetTimestamp();
        _time.Advance(Read);
        _pace.Add(began);
    }
}
