using Messaging.Broker.Messages;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class TimedMapTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 20));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void It_remembers_what_a_dictionary_with_times_does(int seed)
    {
        var random = new Random(seed);
        var map = new TimedMap<Number>();
        var model = new Dictionary<int, (int Value, long Until)>();
        long now = 1;
        for (int step = 0; step < 3_000; step++)
        {
            int key = random.Next(200);
            bool known = model.TryGetValue(key, out (int Value, long Until) expected) && expected.Until > now;
            Assert.Equal(known, map.TryGet(HashOf(key), now, out Number value, out long until));
            if (known) Assert.Equal(expected, (value.Value, until));
            switch (random.Next(10))
            {
                case < 6:
                    // Never for less long than it was, and otherwise in any order.
                    model[key] = (step, Math.Max(expected.Until, now + random.Next(1, 100)));
                    map.Set(HashOf(key), new Number(step), model[key].Until);
                    break;
                case < 9:
                    now += random.Next(20);
                    map.Advance(now);
                    foreach (int over in model.Keys.Where(one => model[one].Until <= now).ToArray()) model.Remove(over);
                    Assert.Equal(model.Values.Sum(one => (long)new Number(one.Value).Weight), map.Weight);
                    break;
                case 9 when model.Count > 0 && map.Count == model.Count:
                    long oldest = model.Values.Min(one => one.Until);
                    map.ForgetOldest();
                    foreach (int over in model.Keys.Where(one => model[one].Until == oldest).ToArray()) model.Remove(over);
                    break;
            }

            Assert.True(map.Count >= model.Count);
        }

        now += 100;
        Assert.True(map.IsOver(now));
        map.Advance(now);
        Assert.Equal((0, 0L), (map.Count, map.Weight));
    }

    [Fact]
    public void One_step_forgets_a_bounded_number_and_the_rest_does_not_show()
    {
        var map = new TimedMap<Number>();
        for (int i = 0; i < 3 * QueueLimits.WindowStepMax; i++) map.Set(HashOf(i), new Number(i), 10);
        map.Advance(10);
        Assert.Equal(2 * QueueLimits.WindowStepMax, map.Count);
        Assert.DoesNotContain(Enumerable.Range(0, 3 * QueueLimits.WindowStepMax), i => map.TryGet(HashOf(i), 10, out _, out _));
    }

    private static Hash128 HashOf(int key) => Hash128.Of(BitConverter.GetBytes(key));

    private readonly record struct Number(int Value) : IRemembered
    {
        public int Weight => (Value % 3) + 1;
    }
}
