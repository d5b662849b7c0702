using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class ReceiptTests
{
    [Fact]
    public async Task An_acknowledgement_is_idempotent_also_after_a_restart()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Receipt receipt = Assert.Single(await broker.Receive(key)).Receipt;
        Assert.Null(await broker.Acknowledge(key, receipt));
        Assert.Null(await broker.Acknowledge(key, receipt));
        await broker.Restart();
        Assert.Null(await broker.Acknowledge(key, receipt));
        broker.Kill();
        Assert.Null(await broker.Acknowledge(key, receipt));
        broker.Advance(100);
        Assert.Empty(await broker.Receive(key));
    }

    [Fact]
    public async Task An_acknowledgement_is_accepted_after_the_lease_while_nobody_received_the_message_again()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Receipt receipt = Assert.Single(await broker.Receive(key, lease: 1)).Receipt;
        broker.Advance(5);
        Assert.Equal(1, (await broker.Counts(key)).Ready);
        Assert.Null(await broker.Acknowledge(key, receipt));
        Assert.Equal(default, await broker.Counts(key));
        Assert.Empty(await broker.Receive(key));
    }

    [Fact]
    public async Task An_acknowledgement_is_stale_once_the_message_was_received_again()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Receipt first = Assert.Single(await broker.Receive(key, lease: 1)).Receipt;
        broker.Advance(2);
        Receipt second = Assert.Single(await broker.Receive(key)).Receipt;
        Assert.Equal(ErrorCode.ReceiptStale, await broker.Acknowledge(key, first));
        Assert.Equal(ErrorCode.ReceiptStale, await broker.Extend(key, first, 5));
        Assert.Equal(ErrorCode.ReceiptStale, await broker.Release(key, first));
        Assert.Null(await broker.Acknowledge(key, second));
        Assert.Null(await broker.Acknowledge(key, first));
    }

    [Fact]
    public async Task An_acknowledgement_only_while_leased_is_refused_once_the_lease_has_ended_or_was_given_up()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a", "b", "c");
        Receipt[] receipts = [.. (await broker.Receive(key, lease: 5)).Select(message => message.Receipt)];
        Assert.Null(await broker.Acknowledge(key, receipts[0], onlyWhileLeased: true));
        Assert.Null(await broker.Release(key, receipts[1], seconds: 60));
        Assert.Equal(ErrorCode.NotLeased, await broker.Acknowledge(key, receipts[1], onlyWhileLeased: true));
        broker.Advance(5);
        Assert.Equal(ErrorCode.NotLeased, await broker.Acknowledge(key, receipts[2], onlyWhileLeased: true));
        broker.Kill();
        Assert.Equal(ErrorCode.NotLeased, await broker.Acknowledge(key, receipts[2], onlyWhileLeased: true));
        Receipt second = Assert.Single(await broker.Receive(key)).Receipt;
        Assert.Equal(ErrorCode.ReceiptStale, await broker.Acknowledge(key, receipts[2], onlyWhileLeased: true));
        Assert.Null(await broker.Acknowledge(key, second, onlyWhileLeased: true));
        Assert.Null(await broker.Acknowledge(key, second, onlyWhileLeased: true));
        Assert.Equal(new QueueCounts(0, 0, 1), await broker.Counts(key));
    }

    [Fact]
    public async Task A_lease_is_not_extended_beyond_the_time_that_its_caller_names()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Delivered message = Assert.Single(await broker.Receive(key, lease: 10));
        long notAfter = message.FirstReceivedAtMs + 60_000;
        broker.Advance(5);
        Assert.Null(await Extend(55));
        Assert.Equal(ErrorCode.LeaseTooLong, await Extend(56));
        // The refusal has changed nothing: the lease ends when it did.
        broker.Advance(54.9);
        Assert.Equal(1, (await broker.Counts(key)).Leased);
        Assert.Equal(ErrorCode.LeaseTooLong, await Extend(1));
        Assert.Null(await Extend(0));
        Assert.Equal(ErrorCode.NotLeased, await Extend(56));

        async Task<ErrorCode?> Extend(int seconds) =>
            Assert.Single((await broker.Broker.Queues.ExtendAsync(key, new[] { new ExtendEntry(message.Receipt, seconds) { NotAfterMs = notAfter } }, default)).Value)?.Code;
    }

    [Fact]
    public async Task A_forged_receipt_is_refused_bit_by_bit_and_its_neighbours_are_not()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a", "b");
        Delivered[] received = await broker.Receive(key);
        Receipt good = received[0].Receipt;
        var forged = new List<Receipt>();
        for (int bit = 0; bit < 128; bit++) forged.Add(new Receipt(good.StreamId, good.Offset, good.ReceiveCount, good.Mac ^ (UInt128.One << bit)));
        for (int bit = 0; bit < 63; bit++)
        {
            forged.Add(new Receipt(good.StreamId ^ (1L << bit), good.Offset, good.ReceiveCount, good.Mac));
            forged.Add(new Receipt(good.StreamId, good.Offset ^ (1L << bit), good.ReceiveCount, good.Mac));
            if (bit < 31) forged.Add(new Receipt(good.StreamId, good.Offset, good.ReceiveCount ^ (1 << bit), good.Mac));
        }

        forged.Add(default);
        Result<BrokerError?[]> outcomes = await broker.Broker.Queues.AcknowledgeAsync(key, forged.Append(received[1].Receipt).ToArray(), default);
        Assert.All(outcomes.Value.SkipLast(1), outcome => Assert.Equal(ErrorCode.ReceiptInvalid, outcome?.Code));
        Assert.Null(outcomes.Value[^1]);
        Assert.Equal(new QueueCounts(0, 1, 0), await broker.Counts(key));
    }

    [Fact]
    public async Task A_receipt_of_another_queue_or_of_a_deleted_one_is_told_apart()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        QueueKey other = await broker.Create("other");
        await broker.Send(key, "a");
        Receipt receipt = Assert.Single(await broker.Receive(key)).Receipt;
        Assert.Equal(ErrorCode.ReceiptOfAnotherQueue, await broker.Acknowledge(other, receipt));
        Assert.True((await broker.Broker.Queues.DeleteAsync(key, default)).IsOk);
        Assert.Equal(ErrorCode.QueueNotFound, await broker.Acknowledge(key, receipt));
        await broker.Create();
        Assert.Equal(ErrorCode.ReceiptOfAnotherQueue, await broker.Acknowledge(key, receipt));
        Assert.Equal(ErrorCode.ReceiptOfAnotherQueue, await broker.Extend(key, receipt, 1));
    }

    [Fact]
    public async Task An_extended_lease_ends_at_the_new_time_and_zero_ends_it_now()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Receipt receipt = Assert.Single(await broker.Receive(key, lease: 10)).Receipt;
        Assert.Null(await broker.Extend(key, receipt, 100));
        broker.Kill();
        broker.Advance(99);
        Assert.Empty(await broker.Receive(key));
        Assert.Null(await broker.Extend(key, receipt, 0));
        Assert.Equal(new QueueCounts(1, 0, 0), await broker.Counts(key));
        Assert.Equal(ErrorCode.NotLeased, await broker.Extend(key, receipt, 10));
        Assert.Single(await broker.Receive(key));
    }

    [Fact]
    public async Task A_released_message_is_ready_when_its_delay_is_over()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Receipt receipt = Assert.Single(await broker.Receive(key)).Receipt;
        Assert.Null(await broker.Release(key, receipt, 50));
        Assert.Equal(new QueueCounts(0, 0, 1), await broker.Counts(key));
        Assert.Equal(ErrorCode.NotLeased, await broker.Release(key, receipt));
        await broker.Restart();
        Assert.Equal(new QueueCounts(0, 0, 1), await broker.Counts(key));
        broker.Advance(49);
        Assert.Empty(await broker.Receive(key));
        broker.Advance(2);
        Assert.Equal(2, Assert.Single(await broker.Receive(key)).ReceiveCount);
    }

    [Fact]
    public async Task Extend_and_release_of_an_acknowledged_message_say_that_it_is_gone()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Receipt receipt = Assert.Single(await broker.Receive(key)).Receipt;
        Assert.Null(await broker.Acknowledge(key, receipt));
        Assert.Equal(ErrorCode.MessageGone, await broker.Extend(key, receipt, 10));
        Assert.Equal(ErrorCode.MessageGone, await broker.Release(key, receipt));
    }

    [Fact]
    public async Task A_bad_entry_never_fails_the_others()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a", "b");
        Delivered[] received = await broker.Receive(key);
        ExtendEntry[] entries = [new(received[0].Receipt, -1), new(default, 5), new(received[1].Receipt, 5), new(received[0].Receipt, 43_201)];
        Result<BrokerError?[]> outcomes = await broker.Broker.Queues.ExtendAsync(key, entries, default);
        Assert.Equal([ErrorCode.InvalidValue, ErrorCode.ReceiptInvalid, null, ErrorCode.InvalidValue], outcomes.Value.Select(outcome => outcome?.Code));
        Assert.Equal(["entries[0].leaseSeconds", "entries[1].receipt", null, "entries[3].leaseSeconds"], outcomes.Value.Select(outcome => outcome?.Field));
    }

    [Fact]
    public async Task A_call_without_entries_or_with_too_many_is_refused()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Assert.Equal(ErrorCode.BatchEmpty, (await broker.Broker.Queues.AcknowledgeAsync(key, default, default)).Error?.Code);
        Assert.Equal(ErrorCode.BatchTooLarge, (await broker.Broker.Queues.AcknowledgeAsync(key, new Receipt[1_001], default)).Error?.Code);
        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Broker.Queues.AcknowledgeAsync(BrokerHarness.Key("none"), new Receipt[1], default)).Error?.Code);
    }

    [Fact]
    public async Task A_receipt_survives_its_text_form()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Receipt receipt = Assert.Single(await broker.Receive(key)).Receipt;
        string text = receipt.ToString();
        Assert.Equal(Receipt.TextLength, text.Length);
        Assert.True(Receipt.TryParse(text, out Receipt parsed));
        Assert.Equal(receipt, parsed);
        Assert.True(Receipt.TryParse(Encoding.ASCII.GetBytes(text), out parsed));
        Assert.Null(await broker.Acknowledge(key, parsed));
    }

    [Fact]
    public void What_cannot_be_a_receipt_does_not_parse()
    {
        var random = new Random(7);
        byte[] junk = new byte[Receipt.TextLength];
        for (int round = 0; round < 10_000; round++)
        {
            random.NextBytes(junk);
            if (round % 2 == 0)
            {
                for (int i = 0; i < junk.Length; i++) junk[i] = (byte)(' ' + (junk[i] % 95));
            }

            Assert.False(Receipt.TryParse(junk.AsSpan(0, random.Next(junk.Length + 1)), out _) && junk[0] != (byte)'A');
        }

        Assert.False(Receipt.TryParse((string?)null, out _));
        Assert.False(Receipt.TryParse("", out _));
        Assert.False(Receipt.TryParse(new string('é', Receipt.TextLength), out _));
    }
}
