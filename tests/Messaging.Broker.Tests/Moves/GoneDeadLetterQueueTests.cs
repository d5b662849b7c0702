using Messaging.Broker.Catalog;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Tests.Moves;

/// <summary>A dead-letter queue that is deleted though others name it: they go on as if they had none, until there is one of its name and their type again.</summary>
public sealed class GoneDeadLetterQueueTests
{
    [Theory]
    [InlineData(QueueType.Standard, "none")]
    [InlineData(QueueType.Standard, "kill")]
    [InlineData(QueueType.Standard, "restart")]
    [InlineData(QueueType.Fifo, "none")]
    [InlineData(QueueType.Fifo, "kill")]
    [InlineData(QueueType.Fifo, "restart")]
    public async Task What_was_set_aside_is_delivered_again_until_there_is_a_queue_for_it(QueueType type, string between)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead", new QueueDefinition { Type = type });
        QueueKey queue = await broker.Create("q", DeadLetterTests.To("dead", 2) with { Type = type });
        await Send(broker, queue, type, "a", "b");
        using (await HoldMovesAsync(broker))
        {
            for (int i = 0; i < 2; i++) Assert.Equal(["a", "b"], Bodies(await broker.Receive(queue, lease: 0)));
            Assert.Empty(await broker.Receive(queue));
            await Delete(broker, dead);
        }

        await Between(broker, between);
        Delivered[] again = await broker.Receive(queue, lease: 5);
        Assert.Equal(["a", "b"], Bodies(again));
        Assert.All(again, message => Assert.Equal(3, message.ReceiveCount));
        await broker.Broker.MoveAsync();
        Assert.Null(await broker.Acknowledge(queue, again[0].Receipt));
        broker.Advance(6);
        Assert.Equal(new QueueCounts(1, 0, 0), await broker.Counts(queue));

        dead = await broker.Create("dead", new QueueDefinition { Type = type });
        await Between(broker, between);
        Assert.Empty(await broker.Receive(queue));
        await broker.Broker.MoveAsync();
        Assert.Equal(default, await broker.Counts(queue));
        Delivered moved = Assert.Single(await broker.Receive(dead));
        Assert.Equal(("b", again[1].Id, 3), (moved.Body, moved.Id, moved.Origin!.ReceiveCount));
    }

    [Fact]
    public async Task A_receive_that_waits_gets_what_was_set_aside_when_its_queue_goes()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead", new QueueDefinition { Type = QueueType.Fifo });
        QueueKey queue = await broker.Create("q", DeadLetterTests.To("dead", 1) with { Type = QueueType.Fifo });
        await Send(broker, queue, QueueType.Fifo, "a");
        using Admission held = await HoldMovesAsync(broker);
        Assert.Single(await broker.Receive(queue, lease: 0));
        Task<Delivered[]> waiting = broker.Receive(queue, wait: 60);
        while (broker.Broker.WaitingReceives() == 0) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        await Delete(broker, dead);
        Assert.Equal("a", Assert.Single(await waiting.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System)).Body);
    }

    [Fact]
    public async Task Those_that_name_it_say_so_and_change_otherwise_but_nobody_names_it_anew()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        QueueKey queue = await broker.Create("q", DeadLetterTests.To("dead", 2));
        Assert.Equal(ErrorCode.QueueInUse, (await broker.Broker.Queues.DeleteAsync(dead, default, evenIfInUse: false, default)).Error?.Code);
        Assert.Equal(ErrorCode.PreconditionFailed, (await broker.Broker.Queues.DeleteAsync(dead, new Precondition { Versions = [99] }, evenIfInUse: true, default)).Error?.Code);
        await Delete(broker, dead);
        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Broker.Queues.DeleteAsync(dead, default, evenIfInUse: true, default)).Error?.Code);
        Assert.Equal("dead", (await broker.Broker.Queues.GetAsync(queue, default)).Value.Definition.DeadLetter!.Queue.Value);

        Assert.True((await broker.Broker.Queues.PatchAsync(queue, definition => definition with { LeaseSeconds = 7 }, default, default)).IsOk);
        Assert.True((await broker.Broker.Queues.PutAsync(queue, DeadLetterTests.To("dead", 2), default)).IsOk);
        Assert.True((await Apply(broker, DeadLetterTests.To("dead", 2) with { LeaseSeconds = 8 })).IsApplied);
        Assert.Equal(ErrorCode.DeadLetterInvalid, Assert.Single((await Apply(broker, DeadLetterTests.To("dead", 3))).Refusals).Error.Code);
        Assert.Equal(ErrorCode.DeadLetterInvalid, (await broker.Broker.Queues.PutAsync(queue, DeadLetterTests.To("dead", 3), default)).Error?.Code);
        Assert.Equal(ErrorCode.DeadLetterInvalid, (await broker.Broker.Queues.PutAsync(BrokerHarness.Key("new"), DeadLetterTests.To("dead", 2), default)).Error?.Code);

        async Task<AppliedDefinitions> Apply(BrokerHarness broker, QueueDefinition definition) =>
            (await broker.Broker.Definitions.ApplyAsync(new DefinitionsDocument { Queues = [new QueueDefinitionEntry(queue, definition)] }, default, dryRun: false, default)).Value;
    }

    [Fact]
    public async Task One_of_the_other_type_under_its_name_is_not_it()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await Delete(broker, await SourceOf(broker));
        QueueKey queue = BrokerHarness.Key("q");
        QueueKey other = await broker.Create("dead", new QueueDefinition { Type = QueueType.Fifo });
        await broker.Send(queue, "a");
        for (int count = 1; count <= 3; count++) Assert.Equal(count, Assert.Single(await broker.Receive(queue, lease: 0)).ReceiveCount);
        await broker.Broker.MoveAsync();
        Assert.Equal(default, await broker.Counts(other));
        broker.Kill();
        Assert.Equal(4, Assert.Single(await broker.Receive(queue)).ReceiveCount);
    }

    [Fact]
    public async Task Nothing_can_be_rejected_to_it()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await Delete(broker, await SourceOf(broker));
        QueueKey queue = BrokerHarness.Key("q");
        await broker.Send(queue, "a");
        Receipt receipt = Assert.Single(await broker.Receive(queue)).Receipt;
        Assert.Equal(ErrorCode.NoDeadLetterQueue, (await broker.Broker.Queues.RejectAsync(queue, new[] { new RejectEntry(receipt, null) }, default)).Error?.Code);
        Assert.Equal(1, (await broker.Counts(queue)).Leased);
    }

    [Fact]
    public async Task A_redrive_of_it_fails_when_it_goes()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await SourceOf(broker);
        QueueKey queue = BrokerHarness.Key("q");
        await broker.Send(queue, "a", "b");
        await broker.Receive(queue, lease: 0);
        await broker.Broker.MoveAsync();
        LongOperation started = (await broker.Broker.Operations.RedriveAsync(dead, new RedriveRequest { MessagesPerSecond = 1 }, default)).Value;
        await Delete(broker, dead);
        await broker.Broker.MoveAsync();
        LongOperation ended = (await broker.Broker.Operations.GetAsync(AccountId.Default, NamespaceName.Default, started.Id, default)).Value;
        Assert.Equal((OperationStatus.Failed, "The queue was deleted."), (ended.Status, ended.FailureReason));
    }

    // Moves, and all else that stores messages, wait for room meanwhile: what is set aside stays so.
    private static ValueTask<Admission> HoldMovesAsync(BrokerHarness broker) => broker.Broker.Engine.AdmitRecordsAsync(broker.Broker.Engine.CommandBytesMax, CancellationToken.None);

    // "dead", of the queue "q".
    private static async Task<QueueKey> SourceOf(BrokerHarness broker)
    {
        QueueKey dead = await broker.Create("dead");
        await broker.Create("q", DeadLetterTests.To("dead", 1));
        return dead;
    }

    private static async Task Delete(BrokerHarness broker, QueueKey key)
    {
        Result<bool> deleted = await broker.Broker.Queues.DeleteAsync(key, default, evenIfInUse: true, default);
        Assert.True(deleted.IsOk, deleted.Error?.Detail);
    }

    private static async Task Between(BrokerHarness broker, string what)
    {
        if (what == "kill") broker.Kill();
        if (what == "restart") await broker.Restart();
    }

    private static string[] Bodies(Delivered[] messages) => [.. messages.Select(message => message.Body)];

    private static async Task Send(BrokerHarness broker, QueueKey queue, QueueType type, params string[] bodies)
    {
        OutgoingMessage[] messages =
        [
            .. bodies.Select(body => new OutgoingMessage
            {
                Body = System.Text.Encoding.UTF8.GetBytes(body), Group = type == QueueType.Fifo ? body : null, DeduplicationId = type == QueueType.Fifo ? body : null,
            }),
        ];
        Assert.All((await broker.Broker.Queues.SendAsync(queue, messages, default)).Value, outcome => Assert.Null(outcome.Error));
    }
}
