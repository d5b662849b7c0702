using Messaging.TestKit.Contracts;
using Messaging.TestKit.Processes;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>The workspace of a language over gRPC: the contract is in its folder proto/.</summary>
/// <inheritdoc cref="Workspace(string, string, string)"/>
public abstract class GrpcWorkspace(string? requirement, string example, string scripts) : Workspace(requirement, example, Path.Combine("Interop", scripts))
{
    private static readonly string Contract = Path.Combine(SourceTree.Root, "api", "proto");

    // What only these tests are compiled with: the details of a status, health and reflection.
    private static readonly string OtherProtos =
        $" -I '{ClientPrograms.StatusProtos}' -I '{ClientPrograms.GrpcProtos}' '{ClientPrograms.StatusProtos}'/rpc/{{status,error_details}}.proto '{ClientPrograms.GrpcProtos}'/{{health/v1/health,reflection/v1/reflection}}.proto";

    internal override HttpProtocols Protocols => HttpProtocols.Http2;

    internal override Uri AddressOf(SdkServer server) => server.GrpcAddress;

    private protected override (string Name, string Value) Variable(Uri address) => ("MESSAGING_GRPC", address.Authority);

    private protected override Task BuildAsync()
    {
        Copy(Path.Combine(Contract, "messaging", "v1"), Path.Combine("proto", "messaging", "v1"));
        return GenerateAsync();
    }

    /// <summary>Generates by the command of protoc that stands in docs/sdks.md under a heading.</summary>
    private protected Task RunProtocAsync(string heading) => RunToolAsync("bash", "-c", SdkPage.Command(heading, "protoc") + OtherProtos);

    /// <summary>Generates the client, and compiles what is to be compiled.</summary>
    private protected abstract Task GenerateAsync();
}
