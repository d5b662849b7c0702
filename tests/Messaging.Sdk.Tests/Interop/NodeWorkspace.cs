using Messaging.TestKit.Processes;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>TypeScript by ts-proto and grpc-js, compiled strictly.</summary>
public sealed class NodeWorkspace() : GrpcWorkspace(Requirement, "typescript-grpc", "node")
{
    public const string Requirement = "typescript-grpc";

    // As in docs/sdks.md.
    private const string Options = "--ts_proto_opt=env=node,esModuleInterop=true,importSuffix=.js,oneof=unions,outputServices=grpc-js,useExactTypes=false";

    internal override string Consumer => "worker";

    internal override string Producer => "producer";

    private protected override async Task GenerateAsync()
    {
        string packages = Path.Combine(ClientPrograms.GrpcFolder, "node_modules");
        Directory.CreateSymbolicLink(Folder["node_modules"], packages);
        Directory.CreateDirectory(Folder["generated"]);
        await RunToolAsync(
            ClientPrograms.Protoc!,
            [$"--plugin=protoc-gen-ts_proto={Path.Combine("node_modules", ".bin", "protoc-gen-ts_proto")}", "--ts_proto_out=generated", Options, "-I", "proto", "-I", ".", .. OtherProtos, "refusal.proto", .. ProtoFiles]);
        await RunToolAsync(ClientPrograms.Node!, Path.Combine("node_modules", ".bin", "tsc"));
    }

    private protected override string[] Command(string program) => NodePrograms.Command(program);

    private protected override string[] TestCommand(string script) => NodePrograms.TestCommand(script);
}
