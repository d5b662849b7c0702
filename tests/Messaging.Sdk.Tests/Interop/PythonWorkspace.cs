using Messaging.TestKit.Processes;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>Python by grpcio, over the core in C.</summary>
public sealed class PythonWorkspace() : GrpcWorkspace(Requirement, "python-grpc", "python")
{
    public const string Requirement = "python-grpc";

    internal override string Consumer => "consumer";

    internal override string Producer => "producer";

    private protected override Task GenerateAsync() =>
        RunToolAsync(ClientPrograms.Protoc!, [$"--plugin=protoc-gen-grpc={ClientPrograms.PythonPlugin}", "--python_out=.", "--grpc_out=.", "-I", "proto", "-I", ".", .. OtherProtos, "refusal.proto", .. ProtoFiles]);

    private protected override string[] Command(string program) => [ClientPrograms.Python!, program + ".py"];
}
