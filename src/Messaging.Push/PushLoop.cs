using System.Collections.Concurrent;
using Messaging.Broker;
using Messaging.Broker.Deliveries;
using Messaging.Broker.Farewells;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Push.Delivery;
using Messaging.Push.Http;
using Messaging.Push.Mail;
using Microsoft.Extensions.Logging;

namespace Messaging.Push;

/// <summary>
/// Delivers what topics push to their subscriptions, from the moment it is made until it is disposed: one loop that is told of what is due, and one pump for each subscription that has something. Subscriptions share
/// nothing but the slots of <see cref="PushOptions.Concurrency"/>, of which a slow one holds few, and the memory of what is leased. Owned by the host; dispose it before the broker.
/// </summary>
public sealed class PushLoop : IAsyncDisposable
{
    private const int SweepMin = 1_000;

    private readonly DeliveryBroker _broker;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PushClient _client;
    private readonly PushClient _gatewayClient;
    private readonly PushShares _shares;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoning = new();
    private readonly RunningTasks _tasks;
    private readonly ConcurrentDictionary<long, SubscriptionPump> _pumps = new();
    private int _sweepAt = SweepMin;

    /// <summary>Begins at once. <paramref name="mail"/> is null where there is no mail server; <paramref name="fatal"/> is told of a bug, and of a fault of the broker's, and must end the process.</summary>
    public PushLoop(MessageBroker broker, PushOptions options, MailOptions? mail, TimeProvider time, ILogger logger, Action<Exception> fatal)
        : this(broker, options, mail, time, logger, fatal, new PushClient(options, time))
    {
    }

    internal PushLoop(MessageBroker broker, PushOptions options, MailOptions? mail, TimeProvider time, ILogger logger, Action<Exception> fatal, PushClient client)
    {
        (_broker, _time, _logger, _client) = (broker.Deliveries, time, logger, client);
        _gatewayClient = new PushClient(options.ForGateway(), time);
        _shares = new PushShares
        {
            Courier = new Courier(client, _gatewayClient, options.GatewayUrl, mail is null ? null : new MailSender(mail, time)),
            Slots = new PushSlots(options.Concurrency),
            Bytes = new LeasedBytes(PushLimits.LeasedBytesMax),
            AttemptMax = mail is not null && mail.Timeout > options.AttemptTimeout ? mail.Timeout : options.AttemptTimeout,
            Attempts = _abandoning.Token,
        };
        _tasks = new RunningTasks(fatal, _stopping.Token);
        _tasks.Start(RunAsync);
        _tasks.Start(() => TellAsync(broker.Farewells));
    }

    /// <summary>
    /// What has not begun is due again at once. Attempts under way have <see cref="PushLimits.StopPatience"/> to end, and what became of them is written down; those that have not are abandoned, and due again when their leases
    /// end.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (SubscriptionPump pump in _pumps.Values) pump.Close();
        // By the machine's clock: it is about a process that stops, not about the broker's time.
        _abandoning.CancelAfter(PushLimits.StopPatience);
        await _tasks.DrainAsync();
        foreach (SubscriptionPump pump in _pumps.Values) await pump.ReturnAsync();
        _client.Dispose();
        _gatewayClient.Dispose();
        _shares.Slots.Dispose();
        _stopping.Dispose();
        _abandoning.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            PushSubscription due = await _broker.NextAsync(_stopping.Token);
            SubscriptionPump pump = _pumps.GetOrAdd(due.Id, static (_, state) => state.Loop.NewPump(state.Due), (Loop: this, Due: due));
            _tasks.Start(() => pump.RunAsync(_stopping.Token));
            if (_pumps.Count >= _sweepAt) Sweep();
        }
    }

    private async Task TellAsync(FarewellBroker farewells)
    {
        while (true)
        {
            Farewell farewell = await farewells.NextAsync(_stopping.Token);
            _tasks.Start(() => TellAsync(farewell));
        }
    }

    private async Task TellAsync(Farewell farewell)
    {
        for (int attempt = 1; attempt <= PushLimits.FarewellAttemptsMax; attempt++)
        {
            using (await _shares.Slots.TakeAsync(isProven: false, _shares.Attempts))
            {
                CourierResult told = await _shares.Courier.DeliverAsync(farewell.Terms, farewell.Message, _shares.Attempts);
                if (told.Outcome.Verdict is DeliveryVerdict.Delivered or DeliveryVerdict.GiveUp) return;
            }

            if (attempt < PushLimits.FarewellAttemptsMax) await Task.Delay(PushLimits.FarewellPause, _time, _stopping.Token);
        }
    }

    private SubscriptionPump NewPump(PushSubscription due) => new(due, _broker, _shares, _tasks, _time, _logger);

    // A pump remembers how fast its subscription may go; one of a subscription that is gone remembers nothing of use.
    private void Sweep()
    {
        foreach ((long id, SubscriptionPump pump) in _pumps)
        {
            if (_broker.TermsOf(pump.Subscription) is null) _pumps.TryRemove(id, out _);
        }

        _sweepAt = Math.Max(SweepMin, 2 * _pumps.Count);
    }
}
