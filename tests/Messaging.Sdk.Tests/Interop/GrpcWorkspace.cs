using Messaging.TestKit.Contracts;
using Messaging.TestKit.Processes;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>The workspace of a language over gRPC: the contract is in its folder proto/.</summary>
/// <inheritdoc cref="Workspace(string, string, string)"/>
public abstract class GrpcWorkspace(string? requirement, string example, string scripts) : Workspace(requirement, example, Path.Combine("Interop", scripts))
{
    private static readonly string Contract = Path.Combine(SourceTree.Root, "api", "proto");

    /// <summary>The contract's files, from the folder on.</summary>
    private protected static IEnumerable<string> ProtoFiles =>
        Directory.GetFiles(Contract, "*.proto", SearchOption.AllDirectories).Select(static file => Path.Combine("proto", Path.GetRelativePath(Contract, file)));

    /// <summary>What only these tests are compiled with: the details of a status, health and reflection.</summary>
    private protected static IEnumerable<string> OtherProtos =>
    [
        "-I", ClientPrograms.StatusProtos!, "-I", ClientPrograms.GrpcProtos,
        Path.Combine(ClientPrograms.StatusProtos!, "rpc", "status.proto"), Path.Combine(ClientPrograms.StatusProtos!, "rpc", "error_details.proto"),
        Path.Combine(ClientPrograms.GrpcProtos, "health", "v1", "health.proto"), Path.Combine(ClientPrograms.GrpcProtos, "reflection", "v1", "reflection.proto"),
    ];

    internal override HttpProtocols Protocols => HttpProtocols.Http2;

    internal override Uri AddressOf(SdkServer server) => server.GrpcAddress;

    private protected override (string Name, string Value) Variable(Uri address) => ("MESSAGING_GRPC", address.Authority);

    private protected override Task BuildAsync()
    {
        Copy(Path.Combine(Contract, "messaging", "v1"), Path.Combine("proto", "messaging", "v1"));
        return GenerateAsync();
    }

    /// <summary>Generates the client, and compiles what is to be compiled.</summary>
    private protected abstract Task GenerateAsync();
}
