using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Broker.Tests.Queues;

namespace Messaging.Broker.Tests.Moves;

public sealed class RedriveIdempotencyTests
{
    private static readonly RedriveRequest Everything = new() { Destination = BrokerHarness.Key("target").Name, MessagesPerSecond = 1 };

    [Fact]
    public async Task The_same_request_is_answered_with_the_operation_that_the_first_one_started()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await Fill(broker);
        LongOperation first = await Started(broker, source, "k");
        Assert.Equal((OperationStatus.Running, 3), (first.Status, first.ApproximateTotal));
        Assert.Equal(first, await Started(broker, source, "k"));
        broker.Kill();
        Assert.Equal(first, await Started(broker, source, "k"));
        await broker.Restart();
        Assert.Equal(first, await Started(broker, source, "k"));
        broker.Kill();
        Assert.Equal(first, await Started(broker, source, "k"));
        Assert.Equal(first.Id, Assert.Single(await List(broker)).Id);
    }

    [Fact]
    public async Task The_answer_is_the_first_one_also_when_the_operation_has_ended_and_its_destination_is_gone()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await Fill(broker);
        LongOperation first = await Started(broker, source, "k");
        await Cancel(broker, first);
        Assert.True((await broker.Broker.Queues.DeleteAsync(BrokerHarness.Key("target"), default)).IsOk);
        Assert.Equal(first, await Started(broker, source, "k"));
        Assert.Equal(ErrorCode.QueueNotFound, (await Start(broker, source, "new")).Error?.Code);
        Assert.Single(await List(broker));
    }

    [Fact]
    public async Task Another_request_under_the_key_is_refused_whatever_else_it_lacks()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await Fill(broker);
        await Started(broker, source, "k");
        Assert.Equal(ErrorCode.IdempotencyKeyReused, (await Start(broker, source, "k", "another")).Error?.Code);
        Result<SendOutcome[]> sent = await broker.Broker.Queues.SendAsync(source, new[] { new OutgoingMessage() }, IdempotencyTests.Request("k", "send"), default);
        Assert.Equal(ErrorCode.IdempotencyKeyReused, sent.Error?.Code);
        Assert.Equal(ErrorCode.RedriveRunning, (await Start(broker, source, "another")).Error?.Code);
        Assert.Single(await List(broker));
    }

    [Fact]
    public async Task A_redrive_that_did_not_start_is_not_remembered()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await broker.Create("source");
        Assert.Equal(ErrorCode.QueueNotFound, (await Start(broker, source, "k")).Error?.Code);
        await broker.Create("target");
        Assert.True((await Start(broker, source, "k")).IsOk);
    }

    [Fact]
    public async Task A_key_is_free_again_after_five_minutes_and_not_before()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await Fill(broker);
        LongOperation first = await Started(broker, source, "k");
        await Cancel(broker, first);
        broker.Time.Advance(TimeSpan.FromMilliseconds(first.StartedMs + (BrokerLimits.IdempotencySeconds * 1_000) - 1 - broker.NowMs));
        Assert.Equal(first, await Started(broker, source, "k"));
        broker.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotEqual(first.Id, (await Started(broker, source, "k")).Id);
    }

    [Fact]
    public async Task Calls_at_the_same_time_under_one_key_start_one_operation()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await Fill(broker);
        for (int round = 0; round < 20; round++)
        {
            string name = $"k{round}";
            LongOperation[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Started(broker, source, name))));
            Assert.All(answers, answer => Assert.Equal(answers[0], answer));
            await Cancel(broker, answers[0]);
        }

        Assert.Equal(20, (await List(broker)).Count);
    }

    [Fact]
    public async Task More_keys_than_a_queue_remembers_are_refused()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey source = await Fill(broker);
        Assert.True(broker.Broker.TryGetState(source, out QueueState? state));
        for (int i = 0; i < QueueLimits.IdempotencyKeysPerQueueMax; i++)
        {
            state.OpenWindows().ApplyAnswered(new Hash128(1, (ulong)i), new RememberedAnswer(default, []), broker.NowMs + 1_000);
        }

        Assert.Equal(ErrorCode.TooManyIdempotencyKeys, (await Start(broker, source, "k")).Error?.Code);
        Assert.Empty(await List(broker));
        broker.Advance(1);
        await Started(broker, source, "k");
    }

    private static async Task<QueueKey> Fill(BrokerHarness broker)
    {
        QueueKey source = await broker.Create("source");
        await broker.Create("target");
        await broker.Send(source, "a", "b", "c");
        return source;
    }

    private static async Task<Result<LongOperation>> Start(BrokerHarness broker, QueueKey source, string name, string asked = "r") =>
        await broker.Broker.Operations.RedriveAsync(source, Everything, IdempotencyTests.Request(name, asked), default);

    private static async Task<LongOperation> Started(BrokerHarness broker, QueueKey source, string name)
    {
        Result<LongOperation> started = await Start(broker, source, name);
        Assert.True(started.IsOk, started.Error?.Detail);
        return started.Value;
    }

    private static async Task Cancel(BrokerHarness broker, LongOperation operation)
    {
        Assert.True((await broker.Broker.Operations.CancelAsync(operation.Queue.Account, operation.Queue.Namespace, operation.Id, default)).IsOk);
        await broker.Broker.MoveAsync();
    }

    private static async Task<IReadOnlyList<LongOperation>> List(BrokerHarness broker) =>
        (await broker.Broker.Operations.ListAsync(AccountId.Default, NamespaceName.Default, 100, null, default)).Value.Operations;
}
