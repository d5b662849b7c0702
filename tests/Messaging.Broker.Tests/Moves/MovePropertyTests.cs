using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Moves;

/// <summary>
/// Random commands on a chain of three queues against a plain model, with clean restarts and kills in between: every message is in exactly one place, has exactly the
/// deliveries that its queue allows before it moves on, and every count is exact; also while a dead-letter queue is deleted, and made anew. The seed is in the name of the failing case and replays it.
/// </summary>
public sealed class MovePropertyTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 20));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_message_is_once_in_one_place(int seed)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await new Run(broker, seed).Go(300);
    }

    private sealed class Message(string body)
    {
        public string Body => body;

        /// <summary>-1: gone.</summary>
        public int Place { get; set; }

        /// <summary>The queue that it came from as dead.</summary>
        public int? Origin { get; set; }

        public MessageId Id { get; set; }

        public int Count { get; set; }

        public long ReadyMs { get; set; }

        public bool IsHeld { get; set; }

        public Receipt Receipt { get; set; }
    }

    private sealed class Run(BrokerHarness broker, int seed)
    {
        private const int Last = 2;

        private readonly Random _random = new(seed);
        private readonly List<Message> _messages = [];
        private readonly QueueKey[] _queues = new QueueKey[3];
        // Of the definition; null: it names no dead-letter queue.
        private readonly int?[] _maxReceives = [null, null, null];
        private readonly bool[] _isThere = [true, true, true];
        private int _sent;

        public async Task Go(int steps)
        {
            _queues[Last] = await broker.Create("c");
            await Define(1, 1 + _random.Next(3));
            await Define(0, 1 + _random.Next(3));
            for (int step = 0; step < steps; step++)
            {
                await Step();
                await broker.Broker.MoveAsync();
                Move();
                await JudgeCounts();
            }

            await JudgePlaces();
        }

        private Task Step() => _random.Next(100) switch
        {
            < 15 => Send(_random.Next(4) == 0 && _isThere[1] ? 1 : 0),
            < 45 => Receive(AnyQueue()),
            < 53 => Acknowledge(),
            < 63 => Release(),
            < 71 => Reject(),
            < 88 => Pass(),
            < 92 => Redrive(),
            < 94 => Redefine(),
            < 96 => DeleteOrMake(1 + _random.Next(2)),
            < 98 => broker.Restart(),
            _ => Kill(),
        };

        private int AnyQueue()
        {
            int queue = _random.Next(3);
            return _isThere[queue] ? queue : 0;
        }

        // Deliveries that a message may have there.
        private int Limit(int queue) => queue < Last && _isThere[queue + 1] ? _maxReceives[queue] ?? int.MaxValue : int.MaxValue;

        private async Task Define(int queue, int maxReceives)
        {
            _maxReceives[queue] = maxReceives;
            _queues[queue] = await broker.Create("abc"[queue].ToString(), DeadLetterTests.To("abc"[queue + 1].ToString(), maxReceives));
        }

        // Nobody names a queue anew that is not there.
        private async Task Redefine()
        {
            int queue = _isThere[1] ? _random.Next(2) : 0;
            int maxReceives = 1 + _random.Next(4);
            if (_isThere[queue + 1])
            {
                await Define(queue, maxReceives);
                return;
            }

            Result<PutQueueResult> put = await broker.Broker.Queues.PutAsync(_queues[queue], DeadLetterTests.To("abc"[queue + 1].ToString(), maxReceives), default);
            Assert.Equal(_maxReceives[queue] == maxReceives ? null : ErrorCode.DeadLetterInvalid, put.Error?.Code);
        }

        private async Task DeleteOrMake(int queue)
        {
            if (!_isThere[queue])
            {
                _isThere[queue] = true;
                _maxReceives[queue] = null;
                if (queue == Last || !_isThere[queue + 1]) await broker.Create("abc"[queue].ToString());
                else await Define(queue, 1 + _random.Next(3));
                return;
            }

            // What has its last delivery now is set aside when the queue goes: nothing is moved while no room is left.
            using (Storage.Admission all = await broker.Broker.Engine.AdmitRecordsAsync(broker.Broker.Engine.CommandBytesMax, default))
            {
                if (_isThere[queue - 1]) await Receive(queue - 1);
                Assert.True((await broker.Broker.Queues.DeleteAsync(_queues[queue], default, evenIfInUse: true, default)).IsOk);
            }

            _isThere[queue] = false;
            foreach (Message message in In(queue)) message.Place = -1;
        }

        private async Task Send(int queue)
        {
            string[] bodies = [.. Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => $"{_sent++}")];
            MessageId[] ids = await broker.Send(_queues[queue], bodies);
            _messages.AddRange(bodies.Select((body, i) => new Message(body) { Place = queue, Id = ids[i], ReadyMs = broker.NowMs }));
        }

        private async Task Receive(int queue)
        {
            int max = 1 + _random.Next(4);
            int lease = _random.Next(3) == 0 ? 0 : _random.Next(15);
            long now = broker.NowMs;
            Message[] ready = [.. In(queue).Where(message => message.ReadyMs <= now)];
            Delivered[] received = await broker.Receive(_queues[queue], max, lease: lease);
            Assert.Equal(Math.Min(max, ready.Length), received.Length);
            foreach (Delivered delivered in received)
            {
                Message message = Assert.Single(ready, one => one.Body == delivered.Body);
                Assert.Equal((++message.Count, message.Id), (delivered.ReceiveCount, delivered.Id));
                Assert.True(message.Count <= Limit(queue), "No delivery beyond the limit.");
                Assert.Equal(message.Origin is { } origin ? _queues[origin] : null, delivered.Origin?.Queue);
                (message.ReadyMs, message.IsHeld, message.Receipt) = (now + (lease * 1_000L), true, delivered.Receipt);
            }
        }

        private async Task Acknowledge()
        {
            if (Any(message => message.Count > 0) is not { } message) return;
            Assert.Null(await broker.Acknowledge(_queues[message.Place], message.Receipt));
            message.Place = -1;
        }

        private async Task Release()
        {
            if (Any(IsLeased) is not { } message) return;
            int delay = _random.Next(2) * _random.Next(10);
            Assert.Null(await broker.Release(_queues[message.Place], message.Receipt, delay));
            (message.ReadyMs, message.IsHeld) = (broker.NowMs + (delay * 1_000L), false);
        }

        private async Task Reject()
        {
            if (Any(message => message.Count > 0) is not { } message) return;
            Result<BrokerError?[]> done = await broker.Broker.Queues.RejectAsync(_queues[message.Place], new[] { new RejectEntry(message.Receipt, "no") }, default);
            ErrorCode? code = done.IsOk ? done.Value[0]?.Code : done.Error.Code;
            Assert.Equal(Limit(message.Place) == int.MaxValue ? ErrorCode.NoDeadLetterQueue : IsLeased(message) ? null : ErrorCode.NotLeased, code);
            if (code is null) Move(message);
        }

        private async Task Redrive()
        {
            int source = AnyQueue();
            if (source == 0) return;
            int? target = _random.Next(2) == 0 ? null : _isThere[source - 1] ? source - 1 : 0;
            Message[] ready = [.. In(source).Where(message => message.ReadyMs <= broker.NowMs)];
            Message[] going = [.. ready.Where(message => target is not null || (message.Origin is { } origin && origin != source && _isThere[origin]))];
            Dictionary<string, MessageId> before = ready.ToDictionary(message => message.Body, message => message.Id);
            LongOperation done = await RedriveTests.Redrive(broker, _queues[source], new RedriveRequest { Destination = target is { } index ? _queues[index].Name : null });
            Assert.Equal(
                (OperationStatus.Completed, going.Length, ready.Length - going.Length, ready.Length),
                (done.Status, done.Moved, done.Failed, done.ApproximateTotal));
            foreach (Message message in going)
            {
                (message.Place, message.Count, message.ReadyMs, message.IsHeld) = (target ?? message.Origin!.Value, 0, broker.NowMs, false);
                message.Id = await FindId(message);
                Assert.NotEqual(before[message.Body], message.Id);
            }
        }

        // A new id shows with the next delivery only, so the record is asked.
        private Task<MessageId> FindId(Message message)
        {
            Assert.True(broker.Broker.TryGetState(_queues[message.Place], out QueueState? state));
            for (long offset = state.Stream.NextLive(state.Stream.Low); offset < state.Stream.Next; offset = state.Stream.NextLive(offset + 1))
            {
                using Storage.RecordSet records = broker.Broker.Engine.Read(state.Stream, [offset]);
                if (!RecordDecoder.TryRead(records[0].Body, out RecordDecoder.Decoded decoded) || Encoding.UTF8.GetString(decoded.Body.Span) != message.Body) continue;
                var ids = new MessageId[1];
                broker.Broker.Keys.Identify(state.Stream.Id, [offset], ids);
                return Task.FromResult(decoded.Id ?? ids[0]);
            }

            throw new Xunit.Sdk.XunitException($"{message.Body} is not where it was moved to.");
        }

        private Task Pass()
        {
            broker.Advance(_random.Next(12));
            return Task.CompletedTask;
        }

        private Task Kill()
        {
            broker.Kill();
            return Task.CompletedTask;
        }

        // What has had all its deliveries and is ready is not delivered once more.
        private void Move()
        {
            foreach (Message message in _messages.Where(message => message.Place is 0 or 1 && message.Count >= Limit(message.Place) && message.ReadyMs <= broker.NowMs)) Move(message);
        }

        private void Move(Message message)
        {
            message.Origin = message.Place++;
            (message.Count, message.ReadyMs, message.IsHeld) = (0, broker.NowMs, false);
        }

        private async Task JudgeCounts()
        {
            for (int queue = 0; queue <= Last; queue++)
            {
                if (!_isThere[queue]) continue;
                long ready = In(queue).Count(message => message.ReadyMs <= broker.NowMs);
                long leased = In(queue).Count(IsLeased);
                Assert.Equal(new QueueCounts(ready, leased, In(queue).Count() - ready - leased), await broker.Counts(_queues[queue]));
            }
        }

        private async Task JudgePlaces()
        {
            broker.Advance(60);
            await broker.Broker.MoveAsync();
            Move();
            for (int queue = 0; queue <= Last; queue++)
            {
                if (!_isThere[queue]) continue;
                Delivered[] all = await broker.Receive(_queues[queue], max: 1_000);
                Assert.Equal(In(queue).Select(message => $"{message.Body} {message.Id}").Order(), all.Select(message => $"{message.Body} {message.Id}").Order());
            }
        }

        private bool IsLeased(Message message) => message is { IsHeld: true, Place: >= 0 } && message.ReadyMs > broker.NowMs;

        private IEnumerable<Message> In(int queue) => _messages.Where(message => message.Place == queue);

        private Message? Any(Func<Message, bool> condition)
        {
            Message[] found = [.. _messages.Where(message => message.Place >= 0 && condition(message))];
            return found.Length == 0 ? null : found[_random.Next(found.Length)];
        }
    }
}
