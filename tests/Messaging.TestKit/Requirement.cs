using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace Messaging.TestKit;

/// <summary>
/// What a test needs of the machine beyond .NET. Each requirement is probed once per process; safe from any thread.
/// Known by name: "root", "strace" (present and allowed to trace), "loop devices" (attachable here), "unshare" (present and allowed to mount), "postgresql" (an instance of its own can be started), "two processors", "SQS model" and "Query model" (AWS's public service models),
/// "boto3", "aws-sdk" (of JavaScript), "aws" (the command line), "redocly" and "buf" (linters of contracts), "browser" (one that a script can use), "typescript-sdk" (what generates a client and compiles it),
/// "typescript-grpc" and "python-grpc" (the same of api/proto) and "kiota" (which generates one of C#). Any other name is a program to find.
/// </summary>
public static class Requirement
{
    private static readonly ConcurrentDictionary<string, Lazy<string?>> Probed = new(StringComparer.Ordinal);

    /// <summary>Why a test that needs all of these cannot run here; null when it can.</summary>
    public static string? WhyNot(params string[] requirements) =>
        requirements.Select(name => Probed.GetOrAdd(name, static name => new(() => Probe(name))).Value).FirstOrDefault(reason => reason is not null);

    private static string? Probe(string name) => name switch
    {
        "root" => Environment.IsPrivilegedProcess ? null : "needs root",
        "strace" => Find(name) is null ? Missing(name) : Succeeds(name, "-f", "-o", "/dev/null", "true") ? null : "strace may not trace here (ptrace is refused)",
        "loop devices" => LoopDevices(),
        "unshare" => Find(name) is null ? Missing(name) : Succeeds(name, "--mount-proc", "true") ? null : "/proc cannot be mounted here",
        "postgresql" => Postgres.PostgresPrograms.WhyNot(),
        "boto3" => Processes.ClientPrograms.WhyNoBoto3(),
        "aws-sdk" => Processes.ClientPrograms.WhyNoSdk(),
        "typescript-sdk" => Processes.ClientPrograms.WhyNoTypeScript(),
        "typescript-grpc" => Processes.ClientPrograms.WhyNoTypeScriptGrpc(),
        "python-grpc" => Processes.ClientPrograms.WhyNoPythonGrpc(),
        "kiota" => Processes.ClientPrograms.WhyNoKiota(),
        "aws" => Processes.ClientPrograms.WhyNoCommandLine(),
        "redocly" => Processes.ContractPrograms.WhyNoLinter(),
        "buf" => Processes.ContractPrograms.WhyNoBuf(),
        "browser" => Processes.ContractPrograms.WhyNoBrowser(),
        "two processors" => Environment.ProcessorCount > 1 ? null : "this machine has one processor",
        "SQS model" => File.Exists(Contracts.AwsServiceModel.SqsFile) ? null : "the service model of Amazon SQS does not lie beside the project",
        "Query model" => Contracts.AwsServiceModel.WhyNotQuery(),
        _ => Find(name) is null ? Missing(name) : null,
    };

    private static string? LoopDevices()
    {
        if (!Environment.IsPrivilegedProcess) return "loop devices need root";
        if (Find("losetup") is null) return Missing("losetup");
        const string attachAndDetach = """
            set -e; file=$(mktemp); trap 'rm -f "$file"' EXIT
            truncate -s 1M "$file"; device=$(losetup --find --show "$file"); losetup -d "$device"
            """;
        return Succeeds("sh", "-c", attachAndDetach) ? null : "loop devices cannot be attached here";
    }

    private static string Missing(string program) => $"{program} is not installed";

    // A user's PATH often lacks sbin, where mkfs and losetup live.
    internal static string? Find(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    internal static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(Find(program) ?? program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            if (process.WaitForExit(10_000)) return process.ExitCode == 0;
            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
