using System.Xml.Linq;
using Messaging.TestKit.Contracts;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>Grpc.Net.Client, with what Grpc.Tools generates, against the real server.</summary>
[Collection(nameof(CSharpCollection))]
public sealed class CSharpClientTests(CSharpWorkspace workspace)
{
    [Fact]
    public Task Queues_topics_streams_and_refusals() => workspace.AssertPassesAsync("steps");

    [Fact]
    public async Task A_closed_server_is_called_with_an_access_key()
    {
        await using SdkServer closed = await SdkServer.StartClosedAsync();
        await workspace.AssertPassesAsync("steps", closed);
    }

    [Fact]
    public void The_example_has_the_versions_that_the_server_is_built_with()
    {
        Dictionary<string, string> ours = Versions("Directory.Packages.props", "PackageVersion");
        Dictionary<string, string> example = Versions(Path.Combine("docs", "examples", "csharp-grpc", "Orders.csproj"), "PackageReference");

        Assert.NotEmpty(example);
        Assert.All(example, package => Assert.Equal(ours[package.Key], package.Value));
    }

    private static Dictionary<string, string> Versions(string file, string element) => XDocument.Load(Path.Combine(SourceTree.Root, file)).Descendants(element)
        .ToDictionary(static package => package.Attribute("Include")!.Value, static package => package.Attribute("Version")!.Value, StringComparer.Ordinal);
}
