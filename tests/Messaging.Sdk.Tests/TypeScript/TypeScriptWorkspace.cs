using Messaging.TestKit.Processes;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Messaging.Sdk.Tests.TypeScript;

/// <summary>TypeScript over REST: the client is generated from what a server says of itself.</summary>
public sealed class TypeScriptWorkspace() : Workspace(Requirement, "typescript-rest", "node")
{
    public const string Requirement = "typescript-sdk";

    internal override string Consumer => "worker";

    internal override string Producer => "producer";

    internal override HttpProtocols Protocols => HttpProtocols.Http1;

    internal override Uri AddressOf(SdkServer server) => server.Address;

    private protected override (string Name, string Value) Variable(Uri address) => ("MESSAGING_URL", address.GetLeftPart(UriPartial.Authority));

    private protected override async Task BuildAsync()
    {
        Directory.CreateSymbolicLink(Folder["node_modules"], Path.Combine(ClientPrograms.TypeScriptFolder, "node_modules"));
        foreach ((int number, string block) in SdkPage.Blocks("Calls", "ts").Index())
            await File.WriteAllTextAsync(Folder[$"page{number}.ts"], block);
        foreach (string tool in (string[])["openapi-ts", "tsc"])
            await RunToolAsync(ClientPrograms.Node!, Path.Combine("node_modules", ".bin", tool));
    }

    private protected override string[] Command(string program) => NodePrograms.Command(program);

    private protected override string[] TestCommand(string script) => NodePrograms.TestCommand(script);
}
