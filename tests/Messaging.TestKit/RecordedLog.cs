using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Messaging.TestKit;

/// <summary>Keeps what is logged, line by line. Thread-safe.</summary>
internal sealed class RecordedLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Line)> _lines = new();

    public IEnumerable<string> Lines => _lines.Select(line => line.Line);

    public IEnumerable<string> Errors => _lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Line);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, formatter(state, exception)));

    public void Dispose()
    {
    }
}
