using System.Diagnostics;
using System.Net.Sockets;
using Messaging.Broker.Catalog;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Messaging.Catalog;

/// <summary>
/// Asks Postgres: a question that a transient fault has met is asked again, some times within a few seconds; then, and for any other fault, it
/// is a <see cref="CatalogUnavailableException"/>. Thread-safe.
/// </summary>
internal sealed class CatalogConnection : IAsyncDisposable
{
    private const int ConnectSeconds = 3;
    private const int CommandSeconds = 5;
    private const int ConnectionsMax = 4;
    private const int RetriesMax = 5;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(8);

    private readonly NpgsqlDataSource _source;
    private readonly ResiliencePipeline _retries;

    public CatalogConnection(string connectionString, TimeProvider time)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        // Defaults of a server that had rather say that it can't than wait; what the operator says holds.
        if (!settings.ContainsKey("Timeout")) settings.Timeout = ConnectSeconds;
        if (!settings.ContainsKey("Command Timeout")) settings.CommandTimeout = CommandSeconds;
        if (!settings.ContainsKey("Maximum Pool Size")) settings.MaxPoolSize = ConnectionsMax;
        settings.ApplicationName ??= "messaging";
        _source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        _retries = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(AskTimeout)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(IsTransient),
                MaxRetryAttempts = RetriesMax,
                Delay = RetryDelay,
                MaxDelay = RetryDelayMax,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .Build();
    }

    public static bool IsConnectionString(string text)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidCastException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Asks once: for who asks again by itself.</summary>
    public Task<T> AskOnceAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken) =>
        TranslateAsync(async token => await ConnectAndAskAsync(ask, token), cancellationToken);

    /// <summary>Asks, and again after a transient fault; each attempt on a connection that answers.</summary>
    public Task<T> AskAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken) =>
        TranslateAsync(token => _retries.ExecuteAsync(async inner => await ConnectAndAskAsync(ask, inner), token), cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<T> ConnectAndAskAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
        return await ask(connection, cancellationToken);
    }

    private static async Task<T> TranslateAsync<T>(Func<CancellationToken, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(cancellationToken);
        }
        catch (Exception fault) when (IsOfPostgres(fault) && !cancellationToken.IsCancellationRequested)
        {
            throw new CatalogUnavailableException(Describe(fault), fault);
        }
        catch (Exception fault) when (IsOfPostgres(fault) && fault is not OperationCanceledException)
        {
            // Whatever the driver makes of a cancellation.
            throw new OperationCanceledException(fault.Message, fault, cancellationToken);
        }
    }

    private static bool IsTransient(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } => true,
        NpgsqlException { IsTransient: true } => true,
        SocketException or IOException or TimeoutException => true,
        _ => false,
    };

    // Whatever the driver makes of what it finds there, such as tables that somebody has altered: queues that exist must be served.
    private static bool IsOfPostgres(Exception fault) => fault is not (CatalogRefusedException or UnreachableException);

    // Neither the driver nor Postgres puts a password into a message.
    private static string Describe(Exception fault)
    {
        string text = fault switch
        {
            PostgresException refused => $"{refused.MessageText} ({refused.SqlState})",
            OperationCanceledException or Polly.Timeout.TimeoutRejectedException => "It did not answer in time",
            { InnerException: { } inner } => $"{fault.Message}: {inner.Message}",
            _ => fault.Message,
        };
        text = text.ReplaceLineEndings(" ").TrimEnd('.');
        return text + ".";
    }
}
