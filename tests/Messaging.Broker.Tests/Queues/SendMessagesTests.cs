using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class SendMessagesTests
{
    [Fact]
    public async Task What_was_sent_is_what_is_received_with_all_its_parts()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        MessageAttribute[] attributes =
        [
            new("plain", AttributeKind.String, null, "text"u8.ToArray()),
            new("n", AttributeKind.Number, null, "7"u8.ToArray()),
            new("typed", AttributeKind.Number, "int", "8"u8.ToArray()),
            new("long", AttributeKind.String, new string('x', 256), "y"u8.ToArray()),
            new("bytes", AttributeKind.Binary, null, new byte[] { 0, 255, 7 }),
            new("empty", AttributeKind.String, null, default),
        ];
        var message = new OutgoingMessage { Body = new byte[] { 1, 2, 3 }, ContentType = "application/x-odd", TraceParent = "00-1-2-01", Attributes = attributes, DelayMilliseconds = 0, Sender = "AIDAÄ", TraceHeader = "Root=1-5759e988-bd862e3fe1be46a994272793" };
        Result<SendOutcome[]> sent = await broker.Broker.Queues.SendAsync(key, new[] { message }, default);
        Assert.Null(Assert.Single(sent.Value).Error);
        broker.Kill();

        Result<ReceivedMessages> received = await broker.Broker.Queues.ReceiveAsync(key, new ReceiveRequest(1, 0, null), default);
        using ReceivedMessages messages = received.Value;
        ReceivedMessage back = messages[0];
        Assert.Equal([1, 2, 3], back.Body.ToArray());
        Assert.Equal("application/x-odd", back.ContentType);
        Assert.Equal("00-1-2-01", back.TraceParent);
        Assert.Equal(("AIDAÄ", "Root=1-5759e988-bd862e3fe1be46a994272793"), (back.Sender, back.TraceHeader));
        Assert.Equal(attributes.Select(Form), back.Attributes.Select(Form));

        static string Form(MessageAttribute attribute) =>
            $"{attribute.Name} {attribute.Kind} {attribute.CustomType} {Convert.ToHexString(attribute.Value.Span)}";
    }

    [Fact]
    public async Task A_sender_and_a_trace_header_take_nothing_of_what_a_message_may_have()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { MaxMessageBytes = 1_024 });
        OutgoingMessage[] messages =
        [
            new() { Body = new byte[1_024], Sender = new string('s', 256), TraceHeader = new string('t', 1_024) },
            new() { Sender = new string('s', 257) },
            new() { TraceHeader = new string('ü', 513) },
        ];
        SendOutcome[] outcomes = (await broker.Broker.Queues.SendAsync(key, messages, default)).Value;
        Assert.Equal([null, "messages[1].sender", "messages[2].traceHeader"], outcomes.Select(outcome => outcome.Error?.Field));
        Assert.Equal(1_024, Assert.Single(await broker.Receive(key)).Body.Length);
    }

    [Fact]
    public async Task One_bad_message_never_fails_the_others()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { MaxMessageBytes = 1_024 });
        MessageAttribute reserved = new("_m.nb", AttributeKind.String, null, default);
        MessageAttribute twice = new("a", AttributeKind.String, null, default);
        MessageAttribute wide = new("1234", AttributeKind.String, null, new byte[20]);
        OutgoingMessage[] messages =
        [
            new() { Body = new byte[1_024] },
            new() { Body = new byte[1_025] },
            new() { DelayMilliseconds = -2 },
            new() { DelayMilliseconds = (MessageLimits.DelaySecondsMax * 1_000L) + 1 },
            new() { Attributes = [reserved] },
            new() { Attributes = [twice, twice] },
            new() { Attributes = [.. Enumerable.Range(0, 11).Select(i => new MessageAttribute($"{i}", AttributeKind.String, null, default))] },
            new() { Body = new byte[1_001], Attributes = [wide] },
            new() { ContentType = new string('c', 257) },
            new() { Body = "ok"u8.ToArray() },
        ];
        Result<SendOutcome[]> sent = await broker.Broker.Queues.SendAsync(key, messages, default);
        ErrorCode?[] expected =
        [
            null, ErrorCode.MessageTooLarge, ErrorCode.InvalidValue, ErrorCode.InvalidValue, ErrorCode.InvalidValue, ErrorCode.InvalidValue,
            ErrorCode.InvalidValue, ErrorCode.MessageTooLarge, ErrorCode.InvalidValue, null,
        ];
        Assert.Equal(expected, sent.Value.Select(outcome => outcome.Error?.Code));
        Assert.Equal(["messages[4].attributes._m.nb", "messages[5].attributes.a", "messages[6].attributes"], sent.Value[4..7].Select(outcome => outcome.Error?.Field));
        Assert.Equal(2, (await broker.Receive(key)).Length);
    }

    [Fact]
    public async Task A_call_over_16_MiB_is_refused_as_a_whole()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { MaxMessageBytes = MessageLimits.MessageBytesMax });
        var half = new OutgoingMessage { Body = new byte[(BrokerLimits.CallBytesMax / 2) + 1] };
        Assert.Equal(ErrorCode.BatchTooLarge, (await broker.Broker.Queues.SendAsync(key, new[] { half, half }, default)).Error?.Code);
        Assert.Equal(default, await broker.Counts(key));
        Assert.True((await broker.Broker.Queues.SendAsync(key, new[] { new OutgoingMessage { Body = new byte[BrokerLimits.CallBytesMax] } }, default)).IsOk);
        Assert.Equal(BrokerLimits.CallBytesMax, Assert.Single(await broker.Receive(key)).Body.Length);
    }

    [Fact]
    public async Task A_message_with_a_delay_of_its_own_is_ready_when_it_is_due_over_restarts_and_crashes()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.SendDelayed(key, 10_000, "late");
        await broker.Send(key, "now");
        Assert.Equal(new QueueCounts(1, 0, 1), await broker.Counts(key));
        Assert.Equal("now", Assert.Single(await broker.Receive(key, lease: 1_000)).Body);
        broker.Kill();
        Assert.Equal(new QueueCounts(0, 1, 1), await broker.Counts(key));
        broker.Advance(5);
        await broker.Restart();
        Assert.Empty(await broker.Receive(key));
        broker.Advance(5.1);
        Assert.Equal("late", Assert.Single(await broker.Receive(key)).Body);
    }

    [Fact]
    public async Task A_queues_delay_holds_for_what_is_sent_while_it_stands()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { DelaySeconds = 10 });
        await broker.Send(key, "a");
        await broker.SendDelayed(key, 0, "own, none");
        await broker.SendDelayed(key, 20_000, "own, longer");
        Assert.Equal("own, none", Assert.Single(await broker.Receive(key, lease: 1_000)).Body);
        broker.Advance(5);
        await broker.Create(definition: new QueueDefinition { DelaySeconds = 1 });
        await broker.Send(key, "b");
        await broker.Create();
        await broker.Send(key, "c");
        broker.Kill();
        Assert.Equal("c", Assert.Single(await broker.Receive(key, lease: 1_000)).Body);
        Assert.Equal(new QueueCounts(0, 2, 3), await broker.Counts(key));
        broker.Advance(1.2);
        Assert.Equal("b", Assert.Single(await broker.Receive(key, lease: 1_000)).Body);
        await broker.Restart();
        broker.Advance(4);
        Assert.Equal("a", Assert.Single(await broker.Receive(key, lease: 1_000)).Body);
        broker.Advance(10);
        Assert.Equal("own, longer", Assert.Single(await broker.Receive(key, lease: 1_000)).Body);
        Assert.Equal(new QueueCounts(0, 5, 0), await broker.Counts(key));
    }

    [Fact]
    public async Task A_full_disk_refuses_sends_and_definitions_and_nothing_else()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        await broker.FillDisk();
        Assert.Equal(ErrorCode.DiskFull, (await broker.Broker.Queues.SendAsync(key, new OutgoingMessage[1], default)).Error?.Code);
        Assert.Equal(ErrorCode.DiskFull, (await broker.Broker.Queues.PutAsync(key, new QueueDefinition(), default)).Error?.Code);
        Receipt receipt = Assert.Single(await broker.Receive(key, lease: 5_000)).Receipt;
        Assert.Null(await broker.Acknowledge(key, receipt));
        Assert.True((await broker.Broker.Queues.DeleteAsync(key, default)).IsOk);
        broker.Disk.CapacityBytes = 1L << 40;
    }

    [Fact]
    public async Task Where_not_even_a_checkpoint_fits_a_full_journal_refuses_every_call_and_takes_them_again_when_there_is_space()
    {
        await using BrokerHarness broker = BrokerHarness.Start(BrokerHarness.SmallEngine() with { JournalSlotBytes = 256 << 10 });
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Receipt receipt = Assert.Single(await broker.Receive(key, lease: 43_200)).Receipt;
        ExtendEntry[] entries = [.. Enumerable.Repeat(new ExtendEntry(receipt, 43_000), BrokerLimits.CallEntriesMax)];
        for (int i = 0; i < 200 && broker.Disk.List("journal").Count < 3; i++) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, default);
        broker.Disk.CapacityBytes = 1;
        BrokerError? refusal = null;
        // Every one is told within a turn of maintenance, and none hangs.
        for (int round = 0; refusal is null; round++)
        {
            Assert.True(round < 1_000, "the journal is full at last");
            Result<BrokerError?[]>[] answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ =>
                broker.Broker.Queues.ExtendAsync(key, entries, default).AsTask())).WaitAsync(TimeSpan.FromSeconds(60));
            refusal = Array.Find(answers, answer => !answer.IsOk).Error;
        }

        Assert.Equal(ErrorCode.DiskFull, refusal.Code);
        broker.Disk.CapacityBytes = 1L << 40;
        Result<BrokerError?[]> last = refusal;
        for (int i = 0; i < 20 && !last.IsOk; i++)
        {
            last = await broker.Broker.Queues.AcknowledgeAsync(key, new[] { receipt }, default);
        }

        Assert.True(last.IsOk, last.Error?.Detail);
        Assert.Null(Assert.Single(last.Value));
    }

    [Fact]
    public async Task Cancellation_counts_before_the_command_only()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await broker.Broker.Queues.SendAsync(key, new OutgoingMessage[1], cancelled.Token));
        Assert.Equal(default, await broker.Counts(key));
    }

    [Fact]
    public async Task Message_ids_look_like_uuids_and_differ()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        MessageId[] ids = await broker.Send(key, [.. Enumerable.Range(0, 500).Select(i => $"{i}")]);
        Assert.Equal(500, ids.Distinct().Count());
        Assert.Matches("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", ids[0].ToString());
        Assert.True(MessageId.TryParse(Encoding.ASCII.GetBytes(ids[0].ToString()), out MessageId parsed));
        Assert.Equal(ids[0], parsed);
    }
}
