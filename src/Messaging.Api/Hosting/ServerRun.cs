using System.Net.Sockets;
using Messaging.Api.Configuration;
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
        catch (Exception exception) when (exception is StorageFaultException or IOException or SocketException or UnauthorizedAccessException)
        {
            return Say(exception.Message, Failed);
        }
    }

    private static int Say(string line, int exitCode)
    {
        Console.Error.WriteLine($"The server can't run: {line.ReplaceLineEndings(" ")}");
        return exitCode;
    }
}
