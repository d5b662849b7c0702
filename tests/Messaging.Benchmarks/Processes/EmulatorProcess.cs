using System.Diagnostics;

namespace Messaging.Benchmarks.Processes;

/// <summary>
/// fauxqs, an emulator of SQS of the npm registry, with its persistence on. It needs Node.js 22, which comes from the registry too: both are installed below the folder "artifacts" once, by the ordinary npm.
/// </summary>
internal sealed class EmulatorProcess : HttpProcess
{
    /// <summary>That of all its queues.</summary>
    public const string Account = "000000000000";

    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(3);
    private static readonly string Folder = Path.Combine(RootFolder(), "artifacts", "emulator");

    private EmulatorProcess(string dataFolder, int port)
        : base(Start(dataFolder, port), port)
    {
    }

    private static string Node => Path.Combine(Folder, "node_modules", ".bin", "node");

    private static string Script => Path.Combine(Folder, "node_modules", "fauxqs", "dist", "server.js");

    /// <summary>Why it can't be measured here; null when it can.</summary>
    public static string? WhyNot()
    {
        if (File.Exists(Node) && File.Exists(Script))
        {
            return null;
        }

        try
        {
            Directory.CreateDirectory(Folder);
            string[] words = ["install", "--prefix", Folder, "--no-package-lock", "--no-audit", "--no-fund", "fauxqs@2.4.1", "node@22"];
            using Process npm = Process.Start(new ProcessStartInfo("npm", words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            return npm.WaitForExit(InstallTimeout) && File.Exists(Node) && File.Exists(Script) ? null : "npm could not install it";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "npm is not installed";
        }
    }

    public static async Task<EmulatorProcess> StartAsync(string dataFolder)
    {
        var emulator = new EmulatorProcess(dataFolder, FreePort());
        await emulator.UntilAnsweredAsync(client => client.GetAsync("/health"));
        return emulator;
    }

    private static ProcessStartInfo Start(string dataFolder, int port)
    {
        Directory.CreateDirectory(dataFolder);
        var start = new ProcessStartInfo(Node, [Script]) { WorkingDirectory = dataFolder };
        start.Environment["FAUXQS_PORT"] = $"{port}";
        start.Environment["FAUXQS_LOGGER"] = "false";
        start.Environment["FAUXQS_DATA_DIR"] = dataFolder;
        start.Environment["FAUXQS_PERSISTENCE"] = "true";
        return start;
    }

    private static string RootFolder()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Messaging.Api.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
