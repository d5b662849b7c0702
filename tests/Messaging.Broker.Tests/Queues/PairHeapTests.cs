using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class PairHeapTests
{
    [Fact]
    public void It_gives_pairs_in_order_however_they_came_and_went()
    {
        var random = new Random(5);
        var heap = new PairHeap();
        var model = new SortedSet<(long, long)>();
        for (int step = 0; step < 60_000; step++)
        {
            if (model.Count == 0 || random.Next(step < 30_000 ? 4 : 2) > 0)
            {
                (long, long) pair = (random.Next(1_000), step);
                heap.Push(pair.Item1, pair.Item2);
                model.Add(pair);
            }
            else
            {
                Assert.Equal(model.Min, heap.Pop());
                model.Remove(model.Min);
            }

            Assert.Equal(model.Count, heap.Count);
        }

        var even = new Even();
        heap.Keep(ref even);
        model.RemoveWhere(pair => pair.Item2 % 2 != 0);
        while (heap.Count > 0)
        {
            Assert.Equal(model.Min.Item1, heap.PeekKey());
            Assert.Equal(model.Min, heap.Pop());
            model.Remove(model.Min);
        }

        Assert.Empty(model);
    }

    private readonly struct Even : PairHeap.IFilter
    {
        public bool Keeps(long key, long value) => value % 2 == 0;
    }
}
