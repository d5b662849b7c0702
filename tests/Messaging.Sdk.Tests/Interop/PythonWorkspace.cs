using Messaging.TestKit.Processes;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>Python by grpcio, over the core in C.</summary>
public sealed class PythonWorkspace() : GrpcWorkspace(Requirement, "python-grpc", "python")
{
    public const string Requirement = "python-grpc";

    internal override string Consumer => "consumer";

    internal override string Producer => "producer";

    private protected override Task GenerateAsync() => RunProtocAsync("Python");

    /// <summary>Runs the only block of Python under a heading of docs/sdks.md to its end.</summary>
    internal async Task RunPageAsync(string heading)
    {
        string file = Folder["page.txt"];
        await File.WriteAllTextAsync(file, Assert.Single(SdkPage.Blocks(heading, "python")));
        await using Worker page = new(Start(Server, "page", file));
        await page.AssertStopsAsync();
    }

    /// <summary>Starts the example that sends the lines of a file on a stream.</summary>
    internal Worker StartStream(Uri address, string queue, IEnumerable<string> lines)
    {
        string file = Folder["lines.txt"];
        File.WriteAllLines(file, lines);
        return new Worker(StartThrough(address, Server, "stream_producer", queue, file));
    }

    private protected override string[] Command(string program) => [ClientPrograms.Python!, program + ".py"];
}
