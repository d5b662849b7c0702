using System.Net.Sockets;
using Messaging.Api.Configuration;
using Messaging.Broker.Catalog;
using Messaging.Storage;

namespace Messaging.Api.Hosting;

/// <summary>
/// What the process says when it ends: 0 after a stop, 2 for a setting that is wrong, 1 for anything else; one line, and a stack trace only
/// for bugs.
/// </summary>
internal static class ServerRun
{
    public const int Stopped = 0;
    public const int Failed = 1;
    public const int WrongSetting = 2;

    public static async Task<int> ToExitCodeAsync(Func<Task> run)
    {
        try
        {
            await run();
            return Stopped;
        }
        catch (SettingException exception)
        {
            return Say(exception.Message, WrongSetting);
        }
        catch (Exception exception) when (exception is StorageFaultException or CatalogRefusedException or IOException or SocketException or UnauthorizedAccessException)
        {
            return Say(exception.Message, Failed);
        }
    }

    /// <summary>What the frameworks below refuse about a setting, such as an appsettings.json that is no JSON or https without a certificate, as a <see cref="SettingException"/>.</summary>
    public static T Configured<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception exception) when (IsAboutSettings(exception))
        {
            throw new SettingException(TextOf(exception));
        }
    }

    /// <inheritdoc cref="Configured"/>
    public static async Task ConfiguredAsync(Func<Task> start)
    {
        try
        {
            await start();
        }
        catch (Exception exception) when (IsAboutSettings(exception))
        {
            throw new SettingException(TextOf(exception));
        }
    }

    // Bugs of our own are of the type of Invariant, and keep their stack trace.
    private static bool IsAboutSettings(Exception exception) =>
        exception.GetType() == typeof(InvalidDataException) || exception.GetType() == typeof(InvalidOperationException)
        || exception.GetType() == typeof(ArgumentOutOfRangeException) || exception.GetType() == typeof(FormatException);

    private static string TextOf(Exception exception) => exception.InnerException is FormatException inner ? $"{exception.Message} {inner.Message}" : exception.Message;

    private static int Say(string line, int exitCode)
    {
        Console.Error.WriteLine($"The server can't run: {line.ReplaceLineEndings(" ")}");
        return exitCode;
    }
}
