namespace Messaging.Simulation;

/// <summary>A run is replayed from its seed, so a seed must give one sequence.</summary>
public sealed class SeedTests
{
    [Fact]
    public void One_seed_gives_one_sequence()
    {
        var first = new Random(42);
        var second = new Random(42);

        Assert.Equal(
            Enumerable.Range(0, 1000).Select(_ => first.Next()),
            Enumerable.Range(0, 1000).Select(_ => second.Next()));
    }
}
