using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

/// <summary>
/// Random sends with few ids and few idempotency keys against two dictionaries with times, over restarts, kills, changed definitions and acknowledgements.
/// The seed is in the name of the failing case and replays it.
/// </summary>
public sealed class WindowPropertyTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 16));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_queue_remembers_as_its_model_over_restarts_and_crashes(int seed)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await new Run(broker, new Random(seed)).Go(500);
    }

    private sealed class Run(BrokerHarness broker, Random random)
    {
        private readonly Dictionary<string, (MessageId Id, long Until)> _ids = [];
        private readonly Dictionary<string, (string Asked, SendOutcome[] Answer, long Until)> _keys = [];
        private QueueDefinition _definition = new() { Deduplication = new DeduplicationDefinition { WindowSeconds = 20 } };
        private long _stored;

        public async Task Go(int steps)
        {
            QueueKey key = await broker.Create(definition: _definition);
            for (int step = 0; step < steps; step++)
            {
                switch (random.Next(100))
                {
                    case < 60:
                        await Send(key);
                        break;
                    case < 70:
                        foreach (Delivered delivered in await broker.Receive(key, random.Next(1, 30))) Assert.Null(await broker.Acknowledge(key, delivered.Receipt));
                        break;
                    case < 88:
                        broker.Time.Advance(TimeSpan.FromMilliseconds(random.Next(random.Next(5) == 0 ? 200_000 : 8_000)));
                        if (random.Next(3) == 0) await broker.Broker.TickAsync();
                        break;
                    case < 92:
                        _definition = _definition with
                        {
                            Deduplication = new DeduplicationDefinition { ContentBased = random.Next(2) == 0, WindowSeconds = random.Next(1, 60) },
                            MaxMessageBytes = random.Next(2) == 0 ? 1_024 : 2_048,
                        };
                        await broker.Create(definition: _definition);
                        break;
                    case < 96:
                        await broker.Restart();
                        break;
                    default:
                        broker.Kill();
                        break;
                }

                Assert.True(broker.Broker.QueueDirectory.TryGet(key, out LiveQueue? queue));
                Assert.Equal(_stored, queue.Stream.Next);
            }
        }

        private async Task Send(QueueKey key)
        {
            string? name = random.Next(2) == 0 ? $"k{random.Next(12)}" : null;
            // What is asked is a function of this word, as it is of a request's bytes.
            string asked = $"r{random.Next(3)}{name}";
            var messages = Messages(new Random(asked.Sum(letter => letter * 31) + (name is null ? random.Next(1_000) : 0)));
            long now = broker.NowMs;
            Result<SendOutcome[]> sent = await broker.Broker.Queues.SendAsync(key, messages, name is null ? null : IdempotencyTests.Request(name, asked), default);
            if (name is not null && _keys.TryGetValue(name, out (string Asked, SendOutcome[] Answer, long Until) known) && known.Until > now)
            {
                if (known.Asked == asked) Assert.Equal(known.Answer, sent.Value);
                else Assert.Equal(ErrorCode.IdempotencyKeyReused, sent.Error?.Code);
                return;
            }

            Assert.True(sent.IsOk, sent.Error?.Detail);
            for (int i = 0; i < messages.Length; i++) Judge(messages[i], sent.Value[i], now);
            if (name is not null && sent.Value.Any(outcome => outcome.Error is null)) _keys[name] = (asked, sent.Value, now + (BrokerLimits.IdempotencySeconds * 1_000L));
        }

        private void Judge(OutgoingMessage message, SendOutcome outcome, long now)
        {
            bool isTooLarge = message.Body.Length > _definition.MaxMessageBytes;
            Assert.Equal(isTooLarge ? ErrorCode.MessageTooLarge : null, outcome.Error?.Code);
            if (isTooLarge) return;
            string? id = message.DeduplicationId ?? (_definition.Deduplication!.ContentBased ? "content " + Encoding.UTF8.GetString(message.Body.Span) : null);
            bool isDuplicate = id is not null && _ids.TryGetValue(id, out (MessageId Id, long Until) first) && first.Until > now;
            Assert.Equal(isDuplicate, outcome.IsDuplicate);
            if (isDuplicate)
            {
                Assert.Equal(_ids[id!].Id, outcome.Id);
                return;
            }

            _stored++;
            if (id is not null) _ids[id] = (outcome.Id, now + (_definition.Deduplication!.WindowSeconds * 1_000L));
        }

        private static OutgoingMessage[] Messages(Random random)
        {
            var messages = new OutgoingMessage[random.Next(1, 8)];
            for (int i = 0; i < messages.Length; i++)
            {
                string body = random.Next(8) == 0 ? new string('x', 1_500) : $"body {random.Next(30)}";
                messages[i] = DeduplicationTests.Message(body, random.Next(2) == 0 ? $"id {random.Next(30)}" : null);
            }

            return messages;
        }
    }
}
