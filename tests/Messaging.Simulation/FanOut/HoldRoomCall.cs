using Messaging.Broker;
using Messaging.Simulation.Broker;
using Messaging.Storage;

namespace Messaging.Simulation.FanOut;

/// <summary>Somebody's large command, admitted and not sequenced yet: whoever publishes meanwhile waits, with what he has found out, and others go on beside him.</summary>
internal sealed class HoldRoomCall(FanOutWorld world) : SimulatedCall(world.Base)
{
    private readonly TaskCompletionSource _leaves = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Leave() => _leaves.SetResult();

    public override string ToString() => "hold all room";

    protected override async Task Ask(MessageBroker broker)
    {
        using Admission room = await broker.Engine.AdmitRecordsAsync(broker.Engine.CommandBytesMax, CancellationToken.None);
        await _leaves.Task;
    }

    protected override void Stepped(Step step, bool waitsForRoom, bool isFirst)
    {
    }

    protected override void Judge() => world.Coverage.Count("calls that held all room");
}
