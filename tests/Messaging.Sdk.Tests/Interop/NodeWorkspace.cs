using Messaging.TestKit.Processes;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>TypeScript by ts-proto and grpc-js, compiled strictly.</summary>
public sealed class NodeWorkspace() : GrpcWorkspace(Requirement, "typescript-grpc", "node")
{
    public const string Requirement = "typescript-grpc";

    internal override string Consumer => "worker";

    internal override string Producer => "producer";

    private protected override async Task GenerateAsync()
    {
        Directory.CreateSymbolicLink(Folder["node_modules"], Path.Combine(ClientPrograms.GrpcFolder, "node_modules"));
        Directory.CreateDirectory(Folder["generated"]);
        await RunProtocAsync("TypeScript");
        await RunToolAsync(ClientPrograms.Node!, Path.Combine("node_modules", ".bin", "tsc"));
    }

    private protected override string[] Command(string program) => NodePrograms.Command(program);

    private protected override string[] TestCommand(string script) => NodePrograms.TestCommand(script);
}
