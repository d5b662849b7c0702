using Messaging.Storage;

namespace Messaging.Broker.Tests.Topics;

public sealed class TopicHostTests
{
    [Fact]
    public async Task What_lends_memory_gets_it_back_where_a_command_is_not_admitted_and_only_there()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        var lent = new Lent();
        using (await harness.Broker.TopicHost.AdmitRecordsAsync(1_000, lent, default)) Assert.Equal(0, lent.Returned);

        using var gone = new CancellationTokenSource();
        using (Admission all = await harness.Broker.Engine.AdmitRecordsAsync(harness.Broker.Engine.CommandBytesMax, default))
        {
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => harness.Broker.TopicHost.AdmitRecordsAsync(1_000, lent, gone.Token).AsTask());
        }

        Assert.Equal(1, lent.Returned);
        await harness.FillDisk();
        using (Admission refused = await harness.Broker.TopicHost.AdmitRecordsAsync(1_000, lent, default)) Assert.True(refused.IsRefused);
        Assert.Equal(2, lent.Returned);
        harness.Disk.CapacityBytes = 1L << 40;
    }

    private sealed class Lent : IDisposable
    {
        public int Returned { get; private set; }

        public void Dispose() => Returned++;
    }
}
