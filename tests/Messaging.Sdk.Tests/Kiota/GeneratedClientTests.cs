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

    // Of docs/sdks.md: that of the server that a reader starts.
    private const string PageAddress = "http://127.0.0.1:8080";

    private static readonly string Script = Path.Combine(SourceTree.Root, "tests", "Messaging.Sdk.Tests", "csharp", "Steps.cs");

    [RequiresFact("kiota")]
    public async Task The_page_and_messages_records_streams_and_refusals_of_a_closed_server()
    {
        await using SdkServer server = await SdkServer.StartClosedAsync();
        await using SdkServer open = await SdkServer.StartOpenAsync();
        await open.CreateQueueAsync("orders");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["Steps.csproj"], Project);
        File.Copy(Script, folder["Steps.cs"]);
        await File.WriteAllTextAsync(folder["Page.cs"], Page(open.Address));

        string contract = new Uri(server.Address, "/openapi.yaml").ToString();
        await UserTool.AssertSucceedsAsync(
            ClientPrograms.Kiota, ["generate", "--language", "CSharp", "--openapi", contract, "--output", "client", "--namespace-name", "Messaging.Client", "--class-name", "MessagingClient"],
            folder.FullName, environment => environment["KIOTA_OFFLINE_ENABLED"] = "true");
        await UserTool.AssertSucceedsAsync("dotnet", ["build", "-c", "Release", "-o", "built", "-nodeReuse:false"], folder.FullName);

        Assert.Contains("done", await RunAsync(server.Address.GetLeftPart(UriPartial.Authority), SdkServer.AccessKey), StringComparison.Ordinal);
        Assert.Contains("first", await RunAsync("page"), StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), await open.CountsAsync("orders"));

        Task<string> RunAsync(params string[] words) => UserTool.AssertSucceedsAsync("dotnet", [folder[Path.Combine("built", "Steps.dll")], .. words], folder.FullName);
    }

    // What the page has is a program by itself: its names, an empty line, its statements. A project has one such, which is the script.
    private static string Page(Uri server)
    {
        string[] parts = Assert.Single(SdkPage.Blocks("C# by Kiota", "csharp")).Split("\n\n", 2);
        Assert.Contains(PageAddress, parts[1], StringComparison.Ordinal);
        string statements = parts[1].Replace(PageAddress, server.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        return $$"""
            {{parts[0]}}

            internal static class Page
            {
                public static async Task RunAsync()
                {
            {{statements}}
                }
            }
            """;
    }
}
