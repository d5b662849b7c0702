using Messaging.Api.Commands;
using Messaging.Api.Configuration;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Catalog;
using Messaging.Http;
using Messaging.Push;
using Messaging.Storage.Disk;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Messaging.Api.Hosting;

/// <summary>
/// Opens the broker when the server already listens, so that liveness and "starting" are answered while it recovers, tells it when the
/// server begins to stop, so that who waits is answered, and closes it when the last request has been. The broker is this class's own; the
/// front sees it through the gate.
/// </summary>
internal sealed partial class BrokerLifetime(
    ServerOptions options, BrokerGate gate, TimeProvider clock, IServer server, IConfiguration configuration, IHostApplicationLifetime lifetime, ILoggerFactory loggers)
    : IHostedLifecycleService
{
    private readonly ILogger _logger = loggers.CreateLogger("Messaging.Api");
    private MessageBroker? _broker;
    private PushLoop? _push;
    private CancellationTokenRegistration _stopping;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Everything has been started, Kestrel included.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        _broker = await Task.Run(OpenAsync, cancellationToken);
        gate.Open(_broker);
        _push = StartPush(_broker);
        _stopping = lifetime.ApplicationStopping.Register(static broker => ((MessageBroker)broker!).BeginStop(), _broker);
        string addresses = Listening.At(configuration, server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);
        bool isClosed = options.AuthMode == AuthMode.Closed;
        if (isClosed && options.AccessKey is null && _broker.AccessKeys.List().Count == 0)
            LogNoKey(_logger, options.DataDirectory);
        if (!isClosed && options.AllowOpenBeyondLoopback)
            LogOpenBeyondLoopback(_logger, addresses);
        if (!isClosed)
            LogOpenKeys(_logger);
        LogReady(_logger, addresses, options.DataDirectory, isClosed ? "closed: access keys only" : options.AllowOpenBeyondLoopback ? "open TO EVERYONE who reaches it" : "open on loopback");
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Everything has been stopped, Kestrel included.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_broker is null)
            return;
        await _stopping.DisposeAsync();
        if (_push is not null)
            await _push.DisposeAsync();
        await _broker.DisposeAsync();
        _broker = null;
        LogStopped(_logger);
    }

    private async Task<MessageBroker> OpenAsync()
    {
        DefinitionsAtStart? definitions = options.Definitions is { } path ? new DefinitionsAtStart(path, _logger) : null;
        if (definitions is not null)
            await definitions.ReadAsync(lifetime.ApplicationStopping);
        var settings = new BrokerOptions
        {
            Engine = options.Storage,
            Truth = options.CatalogConnection is { } connection ? new PostgresCatalog(connection, clock, loggers) : null,
            CatalogChoice = options.CatalogChoice,
            Envelopes = options.Envelopes,
        };
        MessageBroker broker = MessageBroker.Open(new PosixDisk(options.DataDirectory), settings, clock, loggers, Fatal);
        try
        {
            await broker.ConnectCatalogAsync(lifetime.ApplicationStopping);
            if (definitions is not null)
                await definitions.ApplyAsync(broker);
            return broker;
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Stopped while it waited for Postgres: it stops as one that has started.
            return broker;
        }
        catch (CatalogRefusedException refused) when (refused.IsContradiction)
        {
            await broker.DisposeAsync();
            throw new CatalogRefusedException(
                $"{refused.Message} --{CommandLine.CatalogTruthName}=postgres or =mirror says which one holds (README.md, \"Catalog in Postgres\").");
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    private PushLoop StartPush(MessageBroker broker) => new(broker, options.Push, options.Mail, clock, loggers.CreateLogger("Messaging.Push"), Fatal);

    private static void Fatal(Exception exception) => Environment.FailFast(
        "A fault after which nothing can be trusted, such as one of the journal. The process ends here, so that nothing unsynced is answered; the next start recovers.", exception);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Ready at {Addresses}, data in {DataDirectory}, {Access}.")]
    private static partial void LogReady(ILogger logger, string addresses, string dataDirectory, string access);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning,
        Message = "OPEN TO EVERYONE who reaches {Addresses}: there is no authentication, and Messaging:Auth:AllowOpenBeyondLoopback is true.")]
    private static partial void LogOpenBeyondLoopback(ILogger logger, string addresses);

    [LoggerMessage(EventId = 1009, Level = LogLevel.Information,
        Message = "Open mode: any access key is accepted and no signature is verified. An access key of 12 digits is the account, every other one means 000000000000.")]
    private static partial void LogOpenKeys(ILogger logger);

    [LoggerMessage(EventId = 1010, Level = LogLevel.Warning,
        Message = "CLOSED TO EVERYONE: there is no access key. Stop the server and make one by \"Messaging.Api keys create --Messaging:DataDirectory={DataDirectory}\", or set Messaging:Auth:AccessKeyId and Messaging:Auth:SecretAccessKey.")]
    private static partial void LogNoKey(ILogger logger, string dataDirectory);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Information, Message = "Stopped; everything is on the disk.")]
    private static partial void LogStopped(ILogger logger);
}
