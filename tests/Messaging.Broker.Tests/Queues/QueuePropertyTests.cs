using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

/// <summary>
/// Random commands against a plain model, with clean restarts (state from a snapshot) and kills (state from the journal) in between. The seed is in the name of
/// the failing case and replays it. Times are multiples of the delay marks' tick, so that the model need not know of ticks.
/// </summary>
public sealed class QueuePropertyTests
{
    private const int TickMs = 100;

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 24));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_queue_answers_as_its_model_over_restarts_and_crashes(int seed)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await new Run(broker, seed, new QueueDefinition()).Go(600);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Retention_drops_what_is_over_it_and_nothing_else(int seed)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await new Run(broker, seed, new QueueDefinition { RetentionSeconds = 60 }).Go(400);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_fifo_queue_keeps_the_order_of_each_group_over_restarts_and_crashes(int seed)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await new Run(broker, seed, new QueueDefinition { Type = QueueType.Fifo }).Go(600);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_highest_priority_is_delivered_first_over_restarts_and_crashes(int seed)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await new Run(broker, seed, new QueueDefinition { Priorities = 4 }).Go(600);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_retry_policy_holds_a_message_back_in_either_type_of_queue(int seed)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        var retry = new RetryDefinition { MinSeconds = 2, MaxSeconds = 30, Factor = 1.5, Jitter = seed % 3 == 0 ? 0.5 : 0 };
        await new Run(broker, seed, new QueueDefinition { Type = seed % 2 == 0 ? QueueType.Fifo : QueueType.Standard, Retry = retry }).Go(600);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Retention_holds_in_groups_too(int seed)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueDefinition definition = seed % 2 == 0
            ? new QueueDefinition { Priorities = 3, RetentionSeconds = 60 }
            : new QueueDefinition { Type = QueueType.Fifo, RetentionSeconds = 60 };
        await new Run(broker, seed, definition).Go(400);
    }

    private sealed class Run(BrokerHarness broker, int seed, QueueDefinition definition)
    {
        private readonly Random _random = new(seed);
        private readonly QueueModel _model = new(definition, definition.RetentionSeconds < 3_600);
        private readonly bool _expires = definition.RetentionSeconds < 3_600;
        private QueueDefinition _definition = definition;
        private int _sent;

        public async Task Go(int steps)
        {
            QueueKey key = await broker.Create(definition: _definition);
            for (int step = 0; step < steps; step++)
            {
                switch (_random.Next(100))
                {
                    case < 25:
                        await Send(key);
                        break;
                    case < 50:
                        await Receive(key);
                        break;
                    case < 65:
                        await Acknowledge(key);
                        break;
                    case < 75:
                        await Reschedule(key, isRelease: false);
                        break;
                    case < 83:
                        await Reschedule(key, isRelease: true);
                        break;
                    case < 93:
                        broker.Time.Advance(TimeSpan.FromMilliseconds(TickMs * _random.Next(1, _random.Next(10) == 0 ? 400 : 40)));
                        if (_random.Next(3) == 0) await broker.Broker.TickAsync();
                        break;
                    case < 95:
                        _definition = _definition with { DelaySeconds = _random.Next(3) == 0 ? 0 : _random.Next(20) };
                        await broker.Create(definition: _definition);
                        break;
                    case < 97:
                        await broker.Restart();
                        break;
                    case < 99:
                        broker.Kill();
                        break;
                    default:
                        Assert.Null((await broker.Broker.Queues.GetAsync(key, default)).Error);
                        break;
                }

                QueueCounts expected = _model.Counts(broker.NowMs);
                QueueCounts counts = await broker.Counts(key);
                if (!_expires) Assert.Equal(expected, counts);
                else Assert.Equal(expected.Leased, counts.Leased);
            }
        }

        private async Task Send(QueueKey key)
        {
            int count = _random.Next(1, 6);
            var messages = new OutgoingMessage[count];
            for (int i = 0; i < count; i++)
            {
                long delay = _random.Next(3) == 0 ? _random.Next(15) * 1_000L : OutgoingMessage.QueueDelay;
                string body = $"{_sent++}";
                string? group = _definition.Type == QueueType.Fifo ? $"g{_random.Next(5)}" : null;
                int priority = _random.Next(_definition.Priorities);
                messages[i] = new OutgoingMessage { Body = System.Text.Encoding.UTF8.GetBytes(body), DelayMilliseconds = delay, Group = group, Priority = priority };
                _model.Send(body, group, priority, broker.NowMs, broker.NowMs + (delay < 0 ? _definition.DelaySeconds * 1_000L : delay));
            }

            Result<SendOutcome[]> sent = await broker.Broker.Queues.SendAsync(key, messages, default);
            Assert.All(sent.Value, outcome => Assert.Null(outcome.Error));
        }

        private async Task Receive(QueueKey key)
        {
            int max = _random.Next(1, 8);
            int lease = _random.Next(6) == 0 ? 0 : _random.Next(20);
            long now = broker.NowMs;
            Delivered[] received = await broker.Receive(key, max, lease: lease);
            Assert.True(broker.Broker.TryGetState(key, out QueueState? state));
            _model.Received(received, max, state.Stream.Id, now, now + (lease * 1_000L));
        }

        private async Task Acknowledge(QueueKey key)
        {
            if (!TryPick(out QueueModel.Message message, out int count)) return;
            ErrorCode? expected = _model.Acknowledged(message, count);
            ErrorCode? code = await broker.Acknowledge(key, message.Receipts[count - 1]);
            if (!_expires) Assert.Equal(expected, code);
        }

        private async Task Reschedule(QueueKey key, bool isRelease)
        {
            if (!TryPick(out QueueModel.Message message, out int count)) return;
            int? seconds = _random.Next(4) == 0 ? 0 : isRelease && _random.Next(4) == 0 ? null : _random.Next(20);
            long now = broker.NowMs;
            bool isOver = _expires && _model.IsExpired(message, now) && !QueueModel.IsLeased(message, now);
            ErrorCode? expected = _model.Rescheduled(message, count, now, seconds, isRelease);
            Receipt receipt = message.Receipts[count - 1];
            ErrorCode? code = isRelease ? await broker.Release(key, receipt, seconds) : await broker.Extend(key, receipt, seconds!.Value);
            if (!isOver) Assert.Equal(expected, code);
        }

        // Mostly the latest receipt of a message that is out, sometimes an old one.
        private bool TryPick(out QueueModel.Message message, out int count)
        {
            QueueModel.Message[] delivered = [.. _model.Messages.Where(candidate => candidate.Receipts.Count > 0 && (!candidate.IsGone || _random.Next(20) == 0))];
            (message, count) = (null!, 0);
            if (delivered.Length == 0) return false;
            message = delivered[_random.Next(delivered.Length)];
            count = _random.Next(5) == 0 ? _random.Next(1, message.Receipts.Count + 1) : message.Receipts.Count;
            return true;
        }
    }
}
