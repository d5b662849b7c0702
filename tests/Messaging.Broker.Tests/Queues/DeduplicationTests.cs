using System.Security.Cryptography;
using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class DeduplicationTests
{
    private const int WindowSeconds = 60;

    private static readonly QueueDefinition ById = new() { Deduplication = new DeduplicationDefinition { WindowSeconds = WindowSeconds } };
    private static readonly QueueDefinition ByContent = new() { Deduplication = new DeduplicationDefinition { ContentBased = true } };

    [Fact]
    public async Task A_message_that_was_sent_before_answers_with_the_first_one_s_id_and_is_not_stored()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: ById);
        SendOutcome first = Assert.Single(await Sent(broker, key, Message("a", "d")));
        Assert.False(first.IsDuplicate);

        Assert.Equal(first with { IsDuplicate = true }, Assert.Single(await Sent(broker, key, Message("another body", "d"))));
        Assert.Equal("a", Assert.Single(await broker.Receive(key)).Body);
        Assert.False(Assert.Single(await Sent(broker, key, Message("b", "D"))).IsDuplicate);
    }

    [Fact]
    public async Task A_duplicate_within_one_call_counts_too()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: ById);
        SendOutcome[] sent = await Sent(broker, key, Message("a", "d"), Message("b", null), Message("c", "d"), Message("d", null), Message("e", "e"));
        Assert.Equal([false, false, true, false, false], sent.Select(outcome => outcome.IsDuplicate));
        Assert.Equal(sent[0].Id, sent[2].Id);
        Assert.Equal(["a", "b", "d", "e"], (await broker.Receive(key)).Select(message => message.Body));
    }

    [Fact]
    public async Task The_window_outlives_the_message_a_restart_and_a_kill()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: ById);
        MessageId first = (await Sent(broker, key, Message("a", "d")))[0].Id;
        await broker.Acknowledge(key, Assert.Single(await broker.Receive(key)).Receipt);
        broker.Kill();
        Assert.Equal(first, (await Sent(broker, key, Message("a", "d")))[0].Id);
        await broker.Restart();
        Assert.Equal(first, (await Sent(broker, key, Message("a", "d")))[0].Id);
        broker.Kill();
        Assert.Equal(first, (await Sent(broker, key, Message("a", "d")))[0].Id);
        Assert.Equal(new QueueCounts(0, 0, 0), await broker.Counts(key));
    }

    [Fact]
    public async Task The_window_counts_from_the_first_send_and_is_that_of_the_definition_at_that_time()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: ById);
        MessageId first = (await Sent(broker, key, Message("a", "d")))[0].Id;
        broker.Advance(WindowSeconds / 2);
        Assert.True((await Sent(broker, key, Message("a", "d")))[0].IsDuplicate);
        await broker.Create(definition: new QueueDefinition { Deduplication = new DeduplicationDefinition { WindowSeconds = 1 } });
        broker.Time.Advance(TimeSpan.FromMilliseconds((WindowSeconds * 500) - 1));
        Assert.True((await Sent(broker, key, Message("a", "d")))[0].IsDuplicate);
        broker.Time.Advance(TimeSpan.FromMilliseconds(1));
        SendOutcome second = (await Sent(broker, key, Message("a", "d")))[0];
        Assert.False(second.IsDuplicate);
        Assert.NotEqual(first, second.Id);
        broker.Advance(1);
        Assert.False((await Sent(broker, key, Message("a", "d")))[0].IsDuplicate);
    }

    [Fact]
    public async Task By_content_the_id_is_the_hash_of_the_body()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: ByContent);
        string hash = Convert.ToHexStringLower(SHA256.HashData("a"u8));
        MessageId first = (await Sent(broker, key, Message("a", null)))[0].Id;
        var typed = new OutgoingMessage { Body = "a"u8.ToArray(), ContentType = "text/plain", DelayMilliseconds = 5_000 };
        SendOutcome[] sent = await Sent(broker, key, typed, Message("b", hash), Message("a", "d"), Message("b", null));
        Assert.Equal([true, true, false, false], sent.Select(outcome => outcome.IsDuplicate));
        Assert.All(sent[..2], outcome => Assert.Equal(first, outcome.Id));
        using ReceivedMessages received = (await broker.Broker.Queues.ReceiveAsync(key, new ReceiveRequest(10, 0, null), default)).Value;
        Assert.Equal([hash, "d", Convert.ToHexStringLower(SHA256.HashData("b"u8))], Enumerable.Range(0, received.Count).Select(i => received[i].DeduplicationId));
    }

    [Fact]
    public async Task Without_an_id_and_not_by_content_a_message_is_stored_each_time()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: ById);
        Assert.All(await Sent(broker, key, Message("a", null), Message("a", null)), outcome => Assert.False(outcome.IsDuplicate));
        Assert.Equal(2, (await broker.Counts(key)).Ready);
        Assert.True(broker.Broker.TryGetState(key, out QueueState? state));
        Assert.Null(state.Windows);
    }

    [Fact]
    public async Task A_queue_without_deduplication_refuses_an_id()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        SendOutcome[] sent = await Sent(broker, key, Message("a", "d"), Message("b", null));
        Assert.Equal(
            new BrokerError(ErrorCode.InvalidValue, "The queue does not deduplicate: its definition has no deduplication.", "messages[0].deduplicationId"), sent[0].Error);
        Assert.Null(sent[1].Error);
    }

    [Fact]
    public async Task An_id_has_1_to_255_bytes_without_control_characters()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: ById);
        SendOutcome[] sent = await Sent(broker, key,
            Message("a", ""), Message("b", "a\tb"), Message("c", new string('d', 256)), Message("d", "ä" + new string('d', 254)), Message("e", new string('d', 255)), Message("f", "größe, / 1"));
        Assert.All(sent[..4], outcome => Assert.Equal(ErrorCode.InvalidValue, outcome.Error?.Code));
        Assert.Equal("messages[3].deduplicationId", sent[3].Error?.Field);
        Assert.All(sent[4..], outcome => Assert.Null(outcome.Error));
    }

    [Fact]
    public async Task Sends_at_the_same_time_under_one_id_store_one_message()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: ById);
        for (int round = 0; round < 50; round++)
        {
            string id = $"d{round}";
            SendOutcome[][] sent = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Sent(broker, key, Message("a", id)))));
            Assert.Single(sent, outcomes => !outcomes[0].IsDuplicate);
            Assert.Single(sent.Select(outcomes => outcomes[0].Id).Distinct());
        }

        Assert.Equal(50, (await broker.Counts(key)).Ready);
    }

    [Fact]
    public async Task More_ids_than_a_queue_remembers_are_refused_until_some_are_over()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: ById);
        await Sent(broker, key, Message("a", "first"));
        Assert.True(broker.Broker.TryGetState(key, out QueueState? state));
        long until = broker.NowMs + 1_000;
        for (int i = 2; i < QueueLimits.DeduplicationIdsPerQueueMax; i++) state.OpenWindows().ApplyDeduplicated(new Hash128(1, (ulong)i), 0, until);

        SendOutcome[] sent = await Sent(broker, key, Message("b", "last"), Message("c", "one too many"), Message("d", null), Message("e", "first"));
        Assert.Equal([null, ErrorCode.TooManyDeduplicationIds, null, null], sent.Select(outcome => outcome.Error?.Code));
        Assert.True(sent[3].IsDuplicate);

        // What refused it is remembered by a key, word for word, also when there is room again.
        OutgoingMessage[] mixed = [Message("f", "another"), Message("g", null), Message("h", "first")];
        SendOutcome[] first = (await broker.Broker.Queues.SendAsync(key, mixed, IdempotencyTests.Request("k", "r"), default)).Value;
        Assert.Equal([ErrorCode.TooManyDeduplicationIds, null, null], first.Select(outcome => outcome.Error?.Code));
        OutgoingMessage[] refused = [Message("i", "another")];
        Assert.NotNull((await broker.Broker.Queues.SendAsync(key, refused, IdempotencyTests.Request("not-remembered", "r"), default)).Value[0].Error);
        broker.Advance(1);
        Assert.Equal(first, (await broker.Broker.Queues.SendAsync(key, mixed, IdempotencyTests.Request("k", "r"), default)).Value);
        Assert.Null((await broker.Broker.Queues.SendAsync(key, refused, IdempotencyTests.Request("not-remembered", "r"), default)).Value[0].Error);
        Assert.Null((await Sent(broker, key, Message("c", "one too many")))[0].Error);
    }

    [Fact]
    public void An_id_of_a_group_is_another_one_in_another_group()
    {
        Hash128 queue = DeduplicationIds.Hash(DeduplicationScope.Queue, "g"u8, "d"u8);
        Assert.Equal(queue, DeduplicationIds.Hash(DeduplicationScope.Queue, "h"u8, "d"u8));
        Assert.Equal(queue, DeduplicationIds.Hash(DeduplicationScope.Group, default, "d"u8));
        Hash128[] groups =
        [
            queue, DeduplicationIds.Hash(DeduplicationScope.Group, "g"u8, "d"u8), DeduplicationIds.Hash(DeduplicationScope.Group, "h"u8, "d"u8),
            DeduplicationIds.Hash(DeduplicationScope.Group, "gd"u8, ""u8), DeduplicationIds.Hash(DeduplicationScope.Group, ""u8, "gd"u8),
        ];
        Assert.Equal(groups.Length, groups.Distinct().Count());
    }

    internal static OutgoingMessage Message(string body, string? id) => new() { Body = Encoding.UTF8.GetBytes(body), DeduplicationId = id };

    internal static async Task<SendOutcome[]> Sent(BrokerHarness broker, QueueKey key, params OutgoingMessage[] messages)
    {
        Result<SendOutcome[]> sent = await broker.Broker.Queues.SendAsync(key, messages, default);
        Assert.True(sent.IsOk, sent.Error?.Detail);
        return sent.Value;
    }
}
