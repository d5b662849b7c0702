using System.Xml.Linq;

namespace Messaging.Api.Tests;

/// <summary>The house rules that hold for the source tree as a whole. The build refuses the same; these tests guard the build's rules.</summary>
public sealed class ArchitectureTests
{
    // Every arrow of src. A new project or arrow is added here and in Directory.Build.targets, on purpose in two places.
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Messaging.Storage"] = [],
        ["Messaging.Broker"] = ["Messaging.Storage"],
        ["Messaging.Catalog"] = ["Messaging.Broker"],
        ["Messaging.Http"] = ["Messaging.Broker"],
        ["Messaging.Push"] = ["Messaging.Broker"],
        ["Messaging.Rest"] = ["Messaging.Broker", "Messaging.Http"],
        ["Messaging.Grpc"] = ["Messaging.Broker", "Messaging.Http"],
        ["Messaging.Aws"] = ["Messaging.Broker", "Messaging.Http"],
        ["Messaging.Api"] = ["Messaging.Aws", "Messaging.Broker", "Messaging.Catalog", "Messaging.Grpc", "Messaging.Http", "Messaging.Push", "Messaging.Rest", "Messaging.Storage"],
    };

    private static readonly string Root = FindRoot();

    [Fact]
    public void Project_references_only_point_down()
    {
        var found = Projects("src").ToDictionary(Name, References, StringComparer.Ordinal);

        Assert.Equal(Arrows.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(found, project => Assert.Equal(Arrows[project.Key], project.Value));
    }

    [Fact]
    public void Every_project_is_built_by_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Root, "Messaging.Api.sln"));

        Assert.All(Projects("src").Concat(Projects("tests")), project => Assert.Contains($"\"{Name(project)}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Banned_symbols_are_wired_for_every_project()
    {
        var shared = XDocument.Load(Path.Combine(Root, "Directory.Build.props"));

        Assert.Contains(shared.Descendants("PackageReference"), item => Includes(item, "Microsoft.CodeAnalysis.BannedApiAnalyzers"));
        Assert.Contains(shared.Descendants("AdditionalFiles"), item => Includes(item, "$(MSBuildThisFileDirectory)BannedSymbols.txt") && item.Attribute("Condition") is null);
        Assert.Contains("RS0030", shared.Descendants("WarningsAsErrors").Single().Value, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Root, "BannedSymbols.txt")));
        Assert.All(Projects("src").Concat(Projects("tests")), HoldsReferencesOnly);
    }

    // A csproj that sets a property or takes out an item could switch a house rule off for itself.
    private static void HoldsReferencesOnly(string project)
    {
        var items = XDocument.Load(project).Root!.Elements().SelectMany(group => group.Elements().Prepend(group));

        Assert.All(items, item =>
        {
            Assert.Contains(item.Name.LocalName, (string[])["ItemGroup", "ProjectReference", "PackageReference", "FrameworkReference", "EmbeddedResource", "Protobuf"]);
            Assert.Null(item.Attribute("Remove"));
        });
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "Directory.Build.props")));
    }

    private static bool Includes(XElement item, string value) => (string?)item.Attribute("Include") == value;

    private static IEnumerable<string> Projects(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories);

    private static string Name(string project) => Path.GetFileNameWithoutExtension(project);

    private static string[] References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference").Select(item => Name(item.Attribute("Include")!.Value)).Order(StringComparer.Ordinal)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Messaging.Api.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the source tree.");
        return folder.FullName;
    }
}
