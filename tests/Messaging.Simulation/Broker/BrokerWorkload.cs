using System.Globalization;
using System.Text;
using Messaging.Broker.Catalog;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Simulation.Harness;

namespace Messaging.Simulation.Broker;

/// <summary>What the clients do: one operation after the other, drawn from the run's Random.</summary>
internal sealed class BrokerWorkload(BrokerWorld world, bool hasClockSteps)
{
    private const int MessagesMax = 150;
    private const int BytesMax = 160 << 10;
    private const int RequestsMax = 12;

    private static readonly QueueKey[] Keys =
    [
        KeyOf("orders"), KeyOf("orders/eu"), KeyOf("orders/us"), KeyOf("ä"), KeyOf("invoices"), KeyOf("orders", "blue"), KeyOf("z", "blue"),
    ];

    private readonly LookingWorkload _looking = new(world);
    private readonly List<SendRequest> _requests = [];
    private long _bodies;

    private Random Random => world.Random;

    public void Operate()
    {
        ModelQueue[] queues = [.. world.History.Current.Queues.Values];
        int choice = Random.Next(108);
        ModelMessage[] messages = [.. queues.SelectMany(queue => queue.Alive(world.NowMs))];
        if (messages.Length > MessagesMax || messages.Sum(message => message.Body.Length) > BytesMax)
        {
            choice = 20 + Random.Next(45);
        }

        SimulatedCall? call = choice switch
        {
            _ when queues.Length == 0 => Put(),
            < 20 => Send(),
            < 40 => Receive(),
            < 58 => Acknowledge(),
            < 64 => Lease(isRelease: false),
            < 70 => Lease(isRelease: true),
            < 73 => Put(),
            < 75 => Patch(),
            98 => Apply(),
            < 77 => new DeleteCall(world, AnyKey(), evenIfInUse: Random.Next(2) == 0),
            < 81 => new GetCall(world, AnyKey()),
            < 84 => List(),
            < 91 and >= 86 => _looking.Next(AnyKey()),
            < 86 => world.Calls.OfType<TickCall>().Any() ? null : new TickCall(world),
            >= 100 and < 103 => world.Calls.OfType<MoveCall>().Any() ? null : new MoveCall(world),
            >= 103 and < 106 => Reject(),
            106 => Redrive(),
            107 => CancelOperation(),
            _ => null,
        };
        if (call is not null)
        {
            call.Start();
        }
        else if (choice == 99)
        {
            Cancel();
        }
        else
        {
            Pass();
        }
    }

    /// <summary>Everything that can be asked without changing it.</summary>
    public void AskForEverything()
    {
        foreach (QueueKey key in Keys)
        {
            new GetCall(world, key).Start();
        }

        foreach (NamespaceName space in Keys.Select(key => key.Namespace).Distinct())
        {
            SimulatedCall? page = new ListCall(world, space, "", 2, null, null);
            for (; page is not null; page = world.Pages.TryDequeue(out Func<SimulatedCall>? next) ? next() : null)
            {
                page.Start();
            }
        }
    }

    private static QueueKey KeyOf(string name, string space = "default") =>
        QueueName.TryParse(name, out QueueName queue) && NamespaceName.TryParse(space, out NamespaceName parsed)
            ? new QueueKey(AccountId.Default, parsed, queue)
            : throw new ArgumentException(name, nameof(name));

    private T Any<T>(params ReadOnlySpan<T> from) => from[Random.Next(from.Length)];

    // Mostly of a queue that is there.
    private QueueKey AnyKey()
    {
        ModelQueue[] queues = [.. world.History.Current.Queues.Values];
        return queues.Length > 0 && Random.Next(20) > 0 ? queues[Random.Next(queues.Length)].Key : Any(Keys);
    }

    private PutCall Put()
    {
        var tags = new Dictionary<string, string>();
        for (int i = Random.Next(3); i > 0; i--)
        {
            tags[$"tag{i}"] = Random.Next(100).ToString(CultureInfo.InvariantCulture);
        }

        QueueKey key = Any(Keys);
        return new PutCall(world, key, new QueueDefinition
        {
            Type = IsFifo(key) ? QueueType.Fifo : QueueType.Standard,
            Priorities = PrioritiesOf(key),
            Retry = Random.Next(3) == 0 ? new RetryDefinition { MinSeconds = Any(0, 1, 3), MaxSeconds = 20, Factor = Any(1, 2, 3.5), Jitter = Any(0, 0.5) } : null,
            LeaseSeconds = Any(0, 1, 5, 30),
            DelaySeconds = Any(0, 0, 0, 1, 5),
            RetentionSeconds = Any(60, 90, 345_600),
            ReceiveWaitSeconds = Any(0, 0, 2, 10),
            MaxMessageBytes = Any(2_048, 1_048_576, 1_048_576),
            MaxMessages = Any<int?>(null, null, null, 4, 20),
            Deduplication = Random.Next(2) == 0 ? null : new DeduplicationDefinition { ContentBased = Random.Next(3) == 0, WindowSeconds = Any(1, 10, 60, 300) },
            Tags = tags,
            DeadLetter = DeadLetter(key),
        });
    }

    // Sometimes one that is not there, or that leads in a circle.
    private DeadLetterDefinition? DeadLetter(QueueKey key)
    {
        QueueKey[] others = [.. Keys.Where(other => other.Namespace == key.Namespace)];
        return Random.Next(2) == 0 ? null : new DeadLetterDefinition { Queue = Any(others).Name, MaxReceives = Any(1, 1, 2, 3) };
    }

    // Queues that are there as they are, others, now and then one that is wrong or twice. One of another type is refused when it is looked at.
    private ApplyCall Apply()
    {
        var entries = new List<QueueDefinitionEntry>();
        for (int i = Random.Next(5); i >= 0; i--)
        {
            QueueKey key = Any(Keys);
            QueueDefinition? there = world.History.Current.Find(key)?.Definition;
            var plain = new QueueDefinition { Type = IsFifo(key) ? QueueType.Fifo : QueueType.Standard, Priorities = PrioritiesOf(key) };
            entries.Add(new QueueDefinitionEntry(key, Random.Next(20) switch
            {
                0 => plain with { LeaseSeconds = -1 },
                1 when there is not null => new QueueDefinition { Type = IsFifo(key) ? QueueType.Standard : QueueType.Fifo },
                < 7 => there ?? plain,
                _ => plain with { LeaseSeconds = Any(0, 1, 5, 30), RetentionSeconds = Any(60, 345_600) },
            }));
        }

        long version = world.History.Current.Version;
        return new ApplyCall(world, [.. entries], Any<long?>(null, version, version - 1), dryRun: Random.Next(5) == 0);
    }

    // Sometimes of a version that is gone by then.
    private PatchCall Patch()
    {
        QueueKey key = AnyKey();
        long? version = world.History.Current.Find(key)?.Version;
        return new PatchCall(world, key, Any(0, 1, 5, 30), Any(null, version, version - 1));
    }

    // What can't change of a queue, or what a send must know of it, goes by its name.
    private static bool IsFifo(QueueKey key) => key == Keys[4] || key == Keys[6];

    private static int PrioritiesOf(QueueKey key) => key == Keys[1] || key == Keys[2] ? 3 : 1;

    private static bool HasGroups(QueueKey key) => key == Keys[2] || key == Keys[5] || IsFifo(key);

    // Some come with an idempotency key, and some of those again: the same request, or another one under the same key.
    private SendCall Send()
    {
        if (_requests.Count > 0 && Random.Next(5) == 0)
        {
            SendRequest known = _requests[Random.Next(_requests.Count)];
            return new SendCall(world, Random.Next(6) == 0 ? known with { Asked = $"not {known.Asked}" } : known);
        }

        QueueKey key = AnyKey();
        var request = new SendRequest(key, Messages(key), Random.Next(3) == 0 ? $"key-{Random.Next(100)}" : null, $"request {_bodies}");
        if (request.IdempotencyKey is not null)
        {
            if (_requests.Count == RequestsMax)
            {
                _requests.RemoveAt(Random.Next(RequestsMax));
            }

            _requests.Add(request);
        }

        return new SendCall(world, request);
    }

    private OutgoingMessage[] Messages(QueueKey key)
    {
        var messages = new OutgoingMessage[Random.Next(3) > 0 ? 1 : 1 + Random.Next(8)];
        bool hasIds = Random.Next(3) == 0;
        int largest = messages.Length == 1 ? 9_000 : 2_500;
        for (int i = 0; i < messages.Length; i++)
        {
            messages[i] = new OutgoingMessage
            {
                Body = Body(Any(10, 100, 100, 300, 1_000, largest)),
                ContentType = Any(null, null, "application/json", "text/x"),
                TraceParent = Random.Next(10) == 0 ? "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" : null,
                Attributes = Attributes(),
                Group = HasGroups(key) && (IsFifo(key) || Random.Next(4) > 0) ? Any("a", "b", "ö") : null,
                Priority = Random.Next(PrioritiesOf(key)),
                DeduplicationId = hasIds && Random.Next(3) > 0 ? $"id {Random.Next(40)}" : null,
                DelayMilliseconds = Random.Next(3) == 0 ? Any(0, 1, 500, 3_000, 20_000) : OutgoingMessage.QueueDelay,
                ExpiresInMilliseconds = Random.Next(4) == 0 ? Any(1, 1_000, 5_000, 60_000) : OutgoingMessage.NoExpiry,
            };
        }

        return messages;
    }

    // No two bodies are the same.
    private byte[] Body(int largest)
    {
        byte[] body = new byte[20 + Random.Next(largest)];
        Random.NextBytes(body);
        Encoding.ASCII.GetBytes($"{++_bodies:D20}", body);
        return body;
    }

    private MessageAttribute[]? Attributes()
    {
        if (Random.Next(3) > 0)
        {
            return null;
        }

        var attributes = new MessageAttribute[1 + Random.Next(3)];
        for (int i = 0; i < attributes.Length; i++)
        {
            AttributeKind kind = Any(AttributeKind.String, AttributeKind.Number, AttributeKind.Binary);
            byte[] value = new byte[1 + Random.Next(20)];
            Random.NextBytes(value);
            value = kind == AttributeKind.Binary ? value : Encoding.ASCII.GetBytes(Random.Next().ToString(CultureInfo.InvariantCulture));
            attributes[i] = new MessageAttribute($"name{i}", kind, Any(null, null, "int"), value);
        }

        return attributes;
    }

    private ReceiveCall Receive()
    {
        int? wait = Any<int?>(null, 0, 0, 1, 5, 30);
        var request = new ReceiveRequest(Any(1, 1, 2, 5, 20), wait, Any<int?>(null, null, 0, 1, 10, 60))
        {
            AttemptId = Random.Next(3) == 0 ? $"attempt {Random.Next(5)}" : null,
        };
        return new ReceiveCall(world, AnyKey(), request, mayBeCancelled: wait > 0 && Random.Next(3) == 0);
    }

    private AcknowledgeCall? Acknowledge()
    {
        QueueKey key = AnyKey();
        HeldReceipt[] receipts = world.Receipts.Choose(world.History.Current.Find(key), Any(1, 1, 3, 10), mayRepeat: true);
        return receipts.Length == 0 ? null : new AcknowledgeCall(world, key, receipts);
    }

    private SimulatedCall? Lease(bool isRelease)
    {
        QueueKey key = AnyKey();
        HeldReceipt[] receipts = world.Receipts.Choose(world.History.Current.Find(key), Any(1, 1, 4), mayRepeat: false);
        if (receipts.Length == 0)
        {
            return null;
        }

        int[] seconds = [.. receipts.Select(_ => Any(0, 0, 1, 4, 30))];
        return isRelease
            ? new ReleaseCall(world, key, receipts, [.. seconds.Select(one => (Random.Next(4) == 0 ? (int?)null : one, Random.Next(3) == 0))])
            : new ExtendCall(world, key, receipts, seconds);
    }

    private RejectCall? Reject()
    {
        ModelQueue[] sources = [.. world.History.Current.Queues.Values.Where(queue => queue.Definition.DeadLetter is not null)];
        QueueKey key = sources.Length > 0 && Random.Next(10) > 0 ? sources[Random.Next(sources.Length)].Key : AnyKey();
        HeldReceipt[] receipts = world.Receipts.Choose(world.History.Current.Find(key), Any(1, 1, 3), mayRepeat: false);
        return receipts.Length == 0 ? null : new RejectCall(world, key, receipts, Any(null, "no", "größe"));
    }

    private RedriveCall Redrive()
    {
        ModelQueue[] dead = [.. world.History.Current.Queues.Values.Where(queue => queue.Messages.Values.Any(message => message.Origin is not null))];
        QueueKey key = dead.Length > 0 && Random.Next(4) > 0 ? dead[Random.Next(dead.Length)].Key : AnyKey();
        return new RedriveCall(world, key, new RedriveRequest
        {
            Destination = Random.Next(2) == 0 ? null : Any(Keys).Name,
            MessagesPerSecond = Any<int?>(null, null, 1, 5),
            Filter = Random.Next(2) == 0 ? null : new RedriveFilter { Reason = Any<MoveReason?>(null, MoveReason.MaxReceives, MoveReason.Rejected) },
        });
    }

    private CancelOperationCall? CancelOperation()
    {
        if (world.Operations.Count == 0)
        {
            return null;
        }

        long number = world.Operations.Keys.Max() - Random.Next(2);
        QueueKey key = world.History.Current.Operations.TryGetValue(number, out ModelOperation? operation) ? operation.Key : Any(Keys);
        return world.Operations.TryGetValue(number, out OperationId id) ? new CancelOperationCall(world, key, number, id) : null;
    }

    private SimulatedCall List()
    {
        if (world.Pages.TryDequeue(out Func<SimulatedCall>? next))
        {
            return next();
        }

        return new ListCall(world, Any(Keys).Namespace, Any("", "o", "orders/", "x"), 1 + Random.Next(3), null, null);
    }

    private void Cancel()
    {
        ReceiveCall[] receives = [.. world.Calls.OfType<ReceiveCall>().Where(receive => receive.MayBeCancelled)];
        if (receives.Length > 0)
        {
            receives[Random.Next(receives.Length)].Cancel();
            world.Coverage.Count("receives that were cancelled");
        }
    }

    // Time passes, and now and then the wall clock jumps: the broker's own never goes back, and is never off by more than a tenth.
    private void Pass()
    {
        if (hasClockSteps && Random.Next(8) == 0)
        {
            world.Time.Step(TimeSpan.FromMilliseconds(Random.Next(-3_600_000, 3_600_000)));
            world.Coverage.Count("steps of the wall clock");
        }

        int passed = Random.Next(10) switch
        {
            < 5 => Random.Next(200),
            < 8 => Random.Next(3_000),
            8 => Random.Next(20_000),
            _ => Random.Next(70_000),
        };
        long before = world.NowMs;
        world.Time.Advance(TimeSpan.FromMilliseconds(passed));
        long elapsed = world.NowMs - before;
        bool isExact = hasClockSteps ? elapsed >= (passed * 0.9) - 2 && elapsed <= (passed * 1.1) + 2 : elapsed == passed;
        SimulationException.Check(isExact, $"{passed} ms have passed, and not {elapsed}");
    }
}
