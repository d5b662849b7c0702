using System.Security.Cryptography;
using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class IdempotencyTests
{
    private static readonly QueueDefinition SmallMessages = new() { MaxMessageBytes = 1_024 };

    [Fact]
    public async Task The_same_request_is_answered_as_the_first_time_and_stores_nothing()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: SmallMessages);
        OutgoingMessage[] messages = [Message("a"), Message(new string('x', 2_000)), Message("b"), Message("c")];
        SendOutcome[] first = await Sent(broker, key, "k", messages);
        Assert.Equal([null, ErrorCode.MessageTooLarge, null, null], first.Select(outcome => outcome.Error?.Code));

        Assert.Equal(first, await Sent(broker, key, "k", messages));
        await broker.Restart();
        Assert.Equal(first, await Sent(broker, key, "k", messages));
        broker.Kill();
        Assert.Equal(first, await Sent(broker, key, "k", messages));
        Assert.Equal(new QueueCounts(3, 0, 0), await broker.Counts(key));
    }

    [Fact]
    public async Task The_answer_is_the_first_one_also_when_the_definition_has_changed_and_the_messages_are_gone()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: SmallMessages);
        OutgoingMessage[] messages = [Message("a"), Message(new string('x', 2_000)), new OutgoingMessage { DelayMilliseconds = -2 }];
        SendOutcome[] first = await Sent(broker, key, "k", messages);
        Assert.Equal("messages[2].delaySeconds", first[2].Error?.Field);
        await broker.Acknowledge(key, Assert.Single(await broker.Receive(key)).Receipt);
        foreach (int bytes in (int[])[1_048_576, 1_024])
        {
            await broker.Create(definition: SmallMessages with { MaxMessageBytes = bytes });
            Assert.Equal(first, await Sent(broker, key, "k", messages));
        }

        Assert.Equal(new QueueCounts(0, 0, 0), await broker.Counts(key));
    }

    [Fact]
    public async Task Another_request_under_the_key_is_refused_and_the_key_is_the_queue_s()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        QueueKey other = await broker.Create("other");
        await Sent(broker, key, "k", Message("a"));
        Assert.Equal(ErrorCode.IdempotencyKeyReused, (await Send(broker, key, "k", "another", Message("b"))).Error?.Code);
        Assert.Null((await Send(broker, other, "k", "another", Message("b"))).Error);
        Assert.Equal((1, 1), ((await broker.Counts(key)).Ready, (await broker.Counts(other)).Ready));
    }

    [Fact]
    public async Task A_key_is_free_again_after_five_minutes_and_not_before()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        MessageId first = (await Sent(broker, key, "k", Message("a")))[0].Id;
        broker.Time.Advance(TimeSpan.FromMilliseconds((BrokerLimits.IdempotencySeconds * 1_000) - 1));
        Assert.Equal(first, (await Sent(broker, key, "k", Message("a")))[0].Id);
        broker.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotEqual(first, (await Sent(broker, key, "k", Message("a")))[0].Id);
        Assert.Equal(2, (await broker.Counts(key)).Ready);
    }

    [Fact]
    public async Task A_call_of_which_every_entry_was_refused_is_not_remembered()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: SmallMessages);
        OutgoingMessage large = Message(new string('x', 2_000));
        Assert.NotNull((await Sent(broker, key, "k", large))[0].Error);
        await broker.Create();
        Assert.Null((await Sent(broker, key, "k", large))[0].Error);
    }

    [Fact]
    public async Task Calls_at_the_same_time_under_one_key_have_one_effect_and_one_answer()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        for (int round = 0; round < 50; round++)
        {
            string name = $"k{round}";
            SendOutcome[][] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Sent(broker, key, name, Message("a"), Message("b")))));
            Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        }

        Assert.Equal(100, (await broker.Counts(key)).Ready);
    }

    [Fact]
    public async Task A_deleted_queue_takes_its_keys_with_it()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        MessageId first = (await Sent(broker, key, "k", Message("a")))[0].Id;
        Assert.True((await broker.Broker.Queues.DeleteAsync(key, default)).IsOk);
        await broker.Create();
        Assert.NotEqual(first, (await Sent(broker, key, "k", Message("a")))[0].Id);
    }

    [Fact]
    public async Task More_keys_than_a_queue_remembers_are_refused_until_some_are_over()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await Sent(broker, key, "first", Message("a"));
        Assert.True(broker.Broker.TryGetState(key, out QueueState? state));
        long until = broker.NowMs + 1_000;
        for (int i = 1; i < QueueLimits.IdempotencyKeysPerQueueMax; i++)
        {
            state.OpenWindows().ApplyAnswered(new Hash128(1, (ulong)i), new RememberedAnswer(default, []), until);
        }

        Assert.Equal(ErrorCode.TooManyIdempotencyKeys, (await Send(broker, key, "new", "r", Message("b"))).Error?.Code);
        Assert.Null((await Sent(broker, key, "first", Message("a")))[0].Error);
        await broker.Send(key, "without a key");
        broker.Advance(1);
        await Sent(broker, key, "new", Message("b"));
        Assert.Equal(3, (await broker.Counts(key)).Ready);
    }

    [Fact]
    public async Task What_is_over_costs_nothing_after_a_beat()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await Sent(broker, key, "k", Message("a"));
        Assert.True(broker.Broker.TryGetState(key, out QueueState? state));
        await broker.Broker.TickAsync();
        Assert.NotNull(state.Windows);
        broker.Advance(BrokerLimits.IdempotencySeconds);
        await broker.Broker.TickAsync();
        Assert.Null(state.Windows);
    }

    [Theory]
    [InlineData("!", true)]
    [InlineData("~", true)]
    [InlineData("", false)]
    [InlineData(" ", false)]
    [InlineData("a b", false)]
    [InlineData("\u007f", false)]
    [InlineData("ä", false)]
    [InlineData(null, false)]
    public void A_key_has_visible_characters_of_ASCII(string? text, bool isLegal) => Assert.Equal(isLegal, IdempotencyKey.TryParse(text, out _));

    [Fact]
    public void A_key_has_1_to_128_bytes()
    {
        Assert.True(IdempotencyKey.TryParse(new string('k', 128), out _));
        Assert.False(IdempotencyKey.TryParse(new string('k', 129), out _));
    }

    internal static IdempotentRequest Request(string name, string asked)
    {
        Assert.True(IdempotencyKey.TryParse(name, out IdempotencyKey key));
        return new IdempotentRequest(key, SHA256.HashData(Encoding.UTF8.GetBytes(asked)));
    }

    private static OutgoingMessage Message(string body) => new() { Body = Encoding.UTF8.GetBytes(body) };

    private static ValueTask<Result<SendOutcome[]>> Send(BrokerHarness broker, QueueKey key, string name, string asked, params OutgoingMessage[] messages) =>
        broker.Broker.Queues.SendAsync(key, messages, Request(name, asked), default);

    private static async Task<SendOutcome[]> Sent(BrokerHarness broker, QueueKey key, string name, params OutgoingMessage[] messages)
    {
        Result<SendOutcome[]> sent = await Send(broker, key, name, "r", messages);
        Assert.True(sent.IsOk, sent.Error?.Detail);
        return sent.Value;
    }
}
