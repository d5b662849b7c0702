extern alias front;

using front::Messaging.Grpc.Streams;
using Grpc.Core;
using Messaging.Http;

namespace Messaging.Grpc.Tests.Streams;

/// <summary>What a stream's gathered requests take of the bound of all bodies.</summary>
public sealed class GatheringTests
{
    private readonly BufferBudget _budget = new(bytesMax: 200_000);

    [Fact]
    public async Task What_has_gathered_and_what_is_worked_on_counts_until_it_is_done()
    {
        using var gathering = new Gathering<string>(entriesMax: 10, bytesMax: 1_000_000, _budget);

        await gathering.AddAsync("a", 1, 60_000, default);
        Assert.Equal(0, _budget.Taken);
        await gathering.AddAsync("b", 1, 60_000, default);
        Assert.Equal(120_000, _budget.Taken);
        Assert.Equal(["a", "b"], await gathering.TakeAsync(default));
        await gathering.AddAsync("c", 1, 50_000, default);
        Assert.Equal(170_000, _budget.Taken);

        Assert.Equal(["c"], await gathering.TakeAsync(default));
        Assert.Equal(0, _budget.Taken);
        gathering.End();
        Assert.Null(await gathering.TakeAsync(default));
    }

    [Fact]
    public async Task What_waits_to_be_added_counts()
    {
        using var gathering = new Gathering<string>(entriesMax: 10, bytesMax: 100_000, _budget);
        await gathering.AddAsync("a", 1, 90_000, default);

        Task adding = gathering.AddAsync("b", 1, 80_000, default).AsTask();

        Assert.Equal((170_000, false), (_budget.Taken, adding.IsCompleted));
        Assert.Equal(["a"], await gathering.TakeAsync(default));
        await adding;
        Assert.Equal(["b"], await gathering.TakeAsync(default));
        Assert.Equal(80_000, _budget.Taken);
    }

    [Fact]
    public async Task What_finds_no_place_is_refused_and_the_others_stay()
    {
        using (var gathering = new Gathering<string>(entriesMax: 10, bytesMax: 1_000_000, _budget))
        {
            await gathering.AddAsync("a", 1, 150_000, default);

            Refused refused = await Refused.ByAsync(gathering.AddAsync("b", 1, 60_000, default).AsTask());

            Assert.Equal((StatusCode.ResourceExhausted, "overloaded", null), refused.Told);
            Assert.Equal(150_000, _budget.Taken);
            Assert.Equal(["a"], await gathering.TakeAsync(default));
        }

        Assert.Equal(0, _budget.Taken);
    }

    [Fact]
    public async Task What_all_of_the_bound_would_not_hold_is_refused_for_good()
    {
        using var gathering = new Gathering<string>(entriesMax: 10, bytesMax: 1_000_000, _budget);

        Refused refused = await Refused.ByAsync(gathering.AddAsync("a", 1, 200_001, default).AsTask());

        Assert.Equal((StatusCode.ResourceExhausted, "batchTooLarge", null), refused.Told);
        Assert.Equal((0, 0), (refused.RetryAfterSeconds, _budget.Taken));
        await gathering.AddAsync("b", 1, 200_000, default);
    }
}
