namespace Messaging.Api.Hosting;

/// <summary>
/// The console, one line an entry. ASP.NET Core's own informations (each request, each start) are off unless the configuration asks for
/// them.
/// </summary>
internal static class QuietLogging
{
    public static void AddQuietLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("System", LogLevel.Warning);
        // It tells of each refusal; faults are logged by the front.
        builder.Logging.AddFilter("Grpc", LogLevel.None);
        // It would make an Activity for every request, whether somebody looks at it or not; faults are logged by the front.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Its refusals reach the operator as one line by ServerRun.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }
}
