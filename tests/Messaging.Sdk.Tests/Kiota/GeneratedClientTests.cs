using Messaging.TestKit;
using Messaging.TestKit.Contracts;
using Messaging.TestKit.Processes;

namespace Messaging.Sdk.Tests.Kiota;

/// <summary>A client of C# as Kiota generates it from what a server says of itself, compiled and run in a folder as a user has it.</summary>
public sealed class GeneratedClientTests
{
    // What the generated code uses, in the version that goes with the generator.
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Microsoft.Kiota.Abstractions" Version="2.1.6" />
            <PackageReference Include="Microsoft.Kiota.Http.HttpClientLibrary" Version="2.1.6" />
            <PackageReference Include="Microsoft.Kiota.Serialization.Form" Version="2.1.6" />
            <PackageReference Include="Microsoft.Kiota.Serialization.Json" Version="2.1.6" />
            <PackageReference Include="Microsoft.Kiota.Serialization.Multipart" Version="2.1.6" />
            <PackageReference Include="Microsoft.Kiota.Serialization.Text" Version="2.1.6" />
          </ItemGroup>
        </Project>
        """;

    private static readonly string Script = Path.Combine(SourceTree.Root, "tests", "Messaging.Sdk.Tests", "csharp", "Steps.cs");

    [RequiresFact("kiota")]
    public async Task Messages_records_streams_and_refusals_of_a_closed_server()
    {
        await using SdkServer server = await SdkServer.StartClosedAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["Steps.csproj"], Project);
        File.Copy(Script, folder["Steps.cs"]);

        string contract = new Uri(server.Address, "/openapi.yaml").ToString();
        await UserTool.AssertSucceedsAsync(
            ClientPrograms.Kiota, ["generate", "--language", "CSharp", "--openapi", contract, "--output", "client", "--namespace-name", "Messaging.Client", "--class-name", "MessagingClient"],
            folder.FullName, environment => environment["KIOTA_OFFLINE_ENABLED"] = "true");
        await UserTool.AssertSucceedsAsync("dotnet", ["build", "-c", "Release", "-o", "built", "-nodeReuse:false"], folder.FullName);
        string output = await UserTool.AssertSucceedsAsync(
            "dotnet", [folder[Path.Combine("built", "Steps.dll")], server.Address.GetLeftPart(UriPartial.Authority), SdkServer.AccessKey], folder.FullName);

        Assert.Contains("done", output, StringComparison.Ordinal);
    }
}
