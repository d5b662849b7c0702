namespace Messaging.Sdk.Tests.Interop;

/// <summary>C# by Grpc.Tools and Grpc.Net.Client, in a project as a user has it.</summary>
public sealed class CSharpWorkspace() : GrpcWorkspace(null, "csharp-grpc", "csharp")
{
    internal override string Consumer => "consume";

    internal override string Producer => "produce";

    // The tests' own words, and behind them the example's.
    private protected override Task GenerateAsync() =>
        RunToolAsync("dotnet", "build", "-c", "Release", "-o", "built", "-nodeReuse:false", "-warnaserror", "-p:StartupObject=Orders.Scripts.Entry");

    private protected override string[] Command(string program) => ["dotnet", Path.Combine("built", "Orders.dll"), program];
}
