using Microsoft.AspNetCore.Connections;

namespace Messaging.Api.Hosting;

/// <summary>
/// Kestrel's limits, by name. Its minimum body rate (240 bytes a second after 5 seconds of grace) stays on: it is what ends slow clients.
/// </summary>
internal static partial class KestrelListener
{
    private const int HeadersMax = 64;

    /// <summary>Room for attributes in headers (10 of a few hundred bytes), well below a buffer that hurts.</summary>
    private const int HeaderBytesMax = 32 * 1024;

    private const int RequestLineBytesMax = 8 * 1024;

    /// <summary>What a client may take to send its headers.</summary>
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Longer than the usual 60 to 90 seconds of proxies and clients in front, so that it is they who close an idle connection.
    /// </summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(130);

    /// <summary>Calls that one HTTP/2 connection has at a time; a client that wants more waits, or opens another one.</summary>
    private const int StreamsPerConnectionMax = 1_000;

    /// <summary>A connection with streams that says nothing for so long is asked whether its client is there,</summary>
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(30);

    /// <summary>and ends where it does not answer within this.</summary>
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(20);

    /// <summary>What is in flight at a stop ends by itself in milliseconds; a client that does not read its answer is cut off.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    public static void ListenByKestrel(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        // Bytes go to and come from the socket on the thread that has them: two hand-overs between threads less for each request. An operation
        // blocks for nothing but its own sync, and that only where it is the only one; else it goes on after it on another thread.
        builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddSingleton<ConnectionMemory>();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(static services => services.GetRequiredService<ConnectionMemory>());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            ConnectionMemory memory = kestrel.ApplicationServices.GetRequiredService<ConnectionMemory>();
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(memory.Share));
            kestrel.Limits.MaxConcurrentConnections = LimitConnections(kestrel.ApplicationServices);
            // Each operation has its own limit, and answers it with a problem.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestHeaderCount = HeadersMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
            kestrel.Limits.MaxRequestLineSize = RequestLineBytesMax;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = IdleTimeout;
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnectionMax;
            kestrel.Limits.Http2.KeepAlivePingDelay = PingAfter;
            kestrel.Limits.Http2.KeepAlivePingTimeout = PingTimeout;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
    }

    private static int LimitConnections(IServiceProvider services)
    {
        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Messaging.Api");
        long descriptors = ConnectionLimit.Descriptors(), memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        (int byDescriptors, int byMemory) = (ConnectionLimit.OfDescriptors(descriptors), ConnectionLimit.OfMemory(memory));
        if (byDescriptors < ConnectionLimit.Wanted)
            LogFewDescriptors(logger, byDescriptors, ConnectionLimit.Wanted, descriptors);
        if (byMemory < ConnectionLimit.Wanted)
            LogLittleMemory(logger, byMemory, ConnectionLimit.Wanted, memory);
        return Math.Min(byDescriptors, byMemory);
    }

    [LoggerMessage(EventId = 1004, Level = LogLevel.Information,
        Message = "At most {Connections} connections and not {Wanted}: the process may open {Descriptors} files (ulimit -n).")]
    private static partial void LogFewDescriptors(ILogger logger, int connections, int wanted, long descriptors);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Information,
        Message = "At most {Connections} connections and not {Wanted}: the process has {Memory} bytes of memory, of which answers that nobody reads could take more than half.")]
    private static partial void LogLittleMemory(ILogger logger, int connections, int wanted, long memory);
}
