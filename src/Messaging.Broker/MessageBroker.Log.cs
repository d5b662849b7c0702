using Microsoft.Extensions.Logging;

namespace Messaging.Broker;

/// <content>Event ids of this project: 2000 to 2999.</content>
public sealed partial class MessageBroker
{
    [LoggerMessage(EventId = 2000, Level = LogLevel.Information, Message = "The broker is open with {Queues} queues.")]
    private static partial void LogOpened(ILogger logger, int queues);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "The broker has stopped.")]
    private static partial void LogStopped(ILogger logger);
}
