using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

/// <summary>
/// Random commands, looks into the queue after each, judged by a plain model that knows no moments: what a message is follows from the commands and the time alone.
/// Between them the state is advanced at random times, restarted from snapshots and recovered from the journal, and none of it shows. The seed replays a case.
/// Times are multiples of the delay marks' tick, so that the model need not know of ticks.
/// </summary>
public sealed class LookingPropertyTests
{
    private const int TickMs = 100;

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 30));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task What_a_look_shows_follows_from_the_commands_and_the_time(int seed)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await new Run(broker, seed).Go(400);
    }

    private sealed class Run(BrokerHarness broker, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly LookingModel _model = new();
        private QueueDefinition _definition = new();
        private QueueKey _key;
        private int _sent;

        private long Now => broker.NowMs;

        public async Task Go(int steps)
        {
            _key = await broker.Create(definition: _definition);
            for (int step = 0; step < steps; step++)
            {
                await (_random.Next(100) switch
                {
                    < 22 => Send(),
                    < 40 => Receive(),
                    < 47 => Acknowledge(),
                    < 53 => Reschedule(isRelease: false),
                    < 61 => Reschedule(isRelease: true),
                    < 69 => Cancel(),
                    < 70 => Purge(),
                    < 85 => Pass(),
                    < 89 => Define(),
                    < 92 => broker.Restart(),
                    < 95 => Kill(),
                    _ => broker.Broker.TickAsync().AsTask(),
                });
                // Half of the time nobody looks, so that nothing advances between commands.
                if (_random.Next(2) == 0) await Judge();
            }

            await Judge();
        }

        private async Task Judge()
        {
            MessageState? state = _random.Next(4) switch { 0 => MessageState.Ready, 1 => MessageState.Leased, 2 => MessageState.Delayed, _ => null };
            Assert.Equal(_model.Browse(Now, state), await broker.BrowseAll(_key, state, limit: _random.Next(2) == 0 ? 1_000 : 1 + _random.Next(5)));
            Assert.Equal(_model.Counts(Now), await broker.Counts(_key));
            if (_model.Messages.Count == 0) return;
            LookingModel.Message one = _model.Messages[_random.Next(_model.Messages.Count)];
            Result<Seen> seen = await broker.Look(_key, one.Id);
            if (one.IsAlive(Now)) Assert.Equal(LookingModel.Show(one, Now), seen.Value);
            else Assert.Equal(ErrorCode.MessageNotFound, seen.Error?.Code);
        }

        private async Task Send()
        {
            var messages = new OutgoingMessage[_random.Next(1, 6)];
            for (int i = 0; i < messages.Length; i++)
            {
                messages[i] = new OutgoingMessage
                {
                    Body = Encoding.UTF8.GetBytes($"{_sent++}"),
                    DelayMilliseconds = _random.Next(3) == 0 ? _random.Next(15) * 1_000L : OutgoingMessage.QueueDelay,
                    ExpiresInMilliseconds = _random.Next(2) == 0 ? TickMs * _random.Next(1, 200) : OutgoingMessage.NoExpiry,
                };
            }

            Result<SendOutcome[]> sent = await broker.Broker.Queues.SendAsync(_key, messages, default);
            int alive = _model.Alive(Now).Length;
            for (int i = 0; i < messages.Length; i++)
            {
                bool fits = _definition.MaxMessages is not { } most || alive < most;
                Assert.Equal(fits ? null : ErrorCode.QueueFull, sent.Value[i].Error?.Code);
                if (!fits) continue;
                alive++;
                OutgoingMessage message = messages[i];
                long delay = message.DelayMilliseconds < 0 ? _definition.DelaySeconds * 1_000L : message.DelayMilliseconds;
                _model.Messages.Add(new LookingModel.Message
                {
                    Id = sent.Value[i].Id,
                    Body = Encoding.UTF8.GetString(message.Body.Span),
                    SentMs = Now,
                    ReadyMs = Now + delay,
                    ExpiresMs = message.ExpiresInMilliseconds == 0 ? 0 : Now + message.ExpiresInMilliseconds,
                });
            }
        }

        private async Task Receive()
        {
            int max = _random.Next(1, 8);
            int lease = _random.Next(6) == 0 ? 0 : _random.Next(20);
            LookingModel.Message[] expected = [.. _model.Alive(Now).Where(message => message.State(Now) == MessageState.Ready).Take(max)];
            Delivered[] received = await broker.Receive(_key, max, lease: lease);
            Assert.Equal(expected.Select(message => (message.Id, message.Count + 1)), received.Select(delivered => (delivered.Id, delivered.ReceiveCount)));
            for (int i = 0; i < received.Length; i++)
            {
                if (expected[i].Count++ == 0) expected[i].FirstMs = Now;
                expected[i].IsHeld = true;
                expected[i].ReadyMs = Now + (lease * 1_000L);
                expected[i].Receipts.Add(received[i].Receipt);
            }
        }

        private async Task Acknowledge()
        {
            if (Pick(message => message.Receipts.Count > 0) is not { } message) return;
            Assert.Null(await broker.Acknowledge(_key, message.Receipts[^1]));
            message.IsGone = true;
        }

        private async Task Reschedule(bool isRelease)
        {
            if (Pick(message => message.Receipts.Count > 0) is not { } message) return;
            int seconds = _random.Next(4) == 0 ? 0 : _random.Next(20);
            ErrorCode? expected = !message.IsAlive(Now) ? ErrorCode.MessageGone : message.State(Now) != MessageState.Leased || !message.IsHeld ? ErrorCode.NotLeased : null;
            ErrorCode? code = isRelease ? await broker.Release(_key, message.Receipts[^1], seconds) : await broker.Extend(_key, message.Receipts[^1], seconds);
            Assert.Equal(expected, code);
            if (expected is null) (message.IsHeld, message.ReadyMs) = (!isRelease, Now + (seconds * 1_000L));
        }

        private async Task Cancel()
        {
            if (Pick(_ => true) is not { } message) return;
            ErrorCode? expected = !message.IsAlive(Now) ? ErrorCode.MessageNotFound : message.State(Now) == MessageState.Leased ? ErrorCode.MessageLeased : null;
            Assert.Equal(expected, await broker.Cancel(_key, message.Id));
            message.IsGone |= expected is null;
        }

        private async Task Purge()
        {
            Assert.Equal(_model.Alive(Now).Length, await broker.Purge(_key));
            foreach (LookingModel.Message message in _model.Messages) message.IsGone = true;
        }

        private async Task Define()
        {
            _definition = _definition with { DelaySeconds = _random.Next(3) == 0 ? 0 : _random.Next(20), MaxMessages = _random.Next(3) switch { 0 => 5, 1 => 20, _ => null } };
            await broker.Create(definition: _definition);
        }

        private Task Pass()
        {
            broker.Time.Advance(TimeSpan.FromMilliseconds(TickMs * _random.Next(1, _random.Next(10) == 0 ? 400 : 40)));
            return Task.CompletedTask;
        }

        private Task Kill()
        {
            broker.Kill();
            return Task.CompletedTask;
        }

        // Mostly one that is there.
        private LookingModel.Message? Pick(Func<LookingModel.Message, bool> suits)
        {
            LookingModel.Message[] all = [.. _model.Messages.Where(suits)];
            LookingModel.Message[] alive = [.. all.Where(message => message.IsAlive(Now))];
            LookingModel.Message[] from = alive.Length > 0 && _random.Next(6) > 0 ? alive : all;
            return from.Length == 0 ? null : from[_random.Next(from.Length)];
        }
    }
}
