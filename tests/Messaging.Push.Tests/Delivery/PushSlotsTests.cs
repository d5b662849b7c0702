using Messaging.Push.Delivery;

namespace Messaging.Push.Tests.Delivery;

public sealed class PushSlotsTests
{
    [Fact]
    public async Task Those_that_are_not_known_to_answer_leave_half_to_those_that_are()
    {
        using var slots = new PushSlots(4);
        PushSlots.Slot first = await slots.TakeAsync(isProven: false, default), second = await slots.TakeAsync(isProven: false, default);

        ValueTask<PushSlots.Slot> third = slots.TakeAsync(isProven: false, default);
        Assert.False(third.IsCompleted);
        using PushSlots.Slot proven = await slots.TakeAsync(isProven: true, default), another = await slots.TakeAsync(isProven: true, default);
        ValueTask<PushSlots.Slot> last = slots.TakeAsync(isProven: true, default);
        Assert.False(last.IsCompleted);

        first.Dispose();
        using PushSlots.Slot granted = await last;
        second.Dispose();
        using PushSlots.Slot late = await third;
    }

    [Fact]
    public async Task Who_is_cancelled_holds_none()
    {
        using var slots = new PushSlots(1);
        using var stop = new CancellationTokenSource();
        PushSlots.Slot only = await slots.TakeAsync(isProven: true, default);
        ValueTask<PushSlots.Slot> waiting = slots.TakeAsync(isProven: false, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await waiting);

        only.Dispose();

        using PushSlots.Slot next = await slots.TakeAsync(isProven: false, default);
    }
}
