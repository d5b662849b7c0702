using Messaging.Push.Delivery;

namespace Messaging.Push.Tests.Delivery;

public sealed class LeasedBytesTests
{
    [Fact]
    public void What_is_there_is_granted_at_once_and_the_rest_in_turn()
    {
        var bytes = new LeasedBytes(10);
        Assert.True(bytes.ReserveAsync(6, default).IsCompletedSuccessfully);
        Task second = bytes.ReserveAsync(6, default), third = bytes.ReserveAsync(1, default);

        // There are 4, and the third would fit: it waits for the second nevertheless, which would wait for ever else.
        Assert.False(second.IsCompleted || third.IsCompleted);
        bytes.Return(2);

        Assert.True(second.IsCompletedSuccessfully);
        Assert.False(third.IsCompleted);
        bytes.Return(1);
        Assert.True(third.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Who_waits_may_be_cancelled()
    {
        var bytes = new LeasedBytes(1);
        await bytes.ReserveAsync(1, default);
        using var stop = new CancellationTokenSource();
        Task waiting = bytes.ReserveAsync(1, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => waiting);
    }
}
