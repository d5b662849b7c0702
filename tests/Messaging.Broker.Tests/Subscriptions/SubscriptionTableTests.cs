using Messaging.Broker.Subscriptions;

namespace Messaging.Broker.Tests.Subscriptions;

public sealed class SubscriptionTableTests
{
    [Fact]
    public void Those_with_one_target_are_found_whatever_comes_and_goes_before_them()
    {
        var random = new Random(5);
        var table = new SubscriptionTable();
        var all = new List<LiveSubscription>();
        for (int i = 0; i < 2_000; i++)
        {
            int what = random.Next(3);
            if (what == 0 || all.Count == 0)
            {
                var added = new LiveSubscription(SubscriptionCalls.Subscription($"s{i}"), i + 1) { Definition = SubscriptionCalls.To($"q{random.Next(4)}") };
                table.Add(added);
                all.Add(added);
            }
            else if (what == 1) table.Define(all[random.Next(all.Count)], SubscriptionCalls.To($"q{random.Next(4)}"));
            else
            {
                LiveSubscription removed = all[random.Next(all.Count)];
                table.Remove(removed);
                all.Remove(removed);
            }

            for (int queue = 0; queue < 4; queue++)
            {
                SubscriptionTarget target = SubscriptionCalls.To($"q{queue}").Target;
                Assert.Equal(all.Where(one => one.Definition.Target == target).Select(one => one.Number).Order(), Chain(table, target).Order());
            }
        }
    }

    private static List<long> Chain(SubscriptionTable table, SubscriptionTarget target)
    {
        var numbers = new List<long>();
        for (LiveSubscription? one = table.FirstOf(target); one is not null; one = one.SameTarget) numbers.Add(one.Number);
        return numbers;
    }
}
