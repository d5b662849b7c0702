using System.Text.Json;
using System.Text.RegularExpressions;
using Messaging.TestKit.Contracts;

namespace Messaging.TestKit.Processes;

/// <summary>
/// The image of the Dockerfile without a container tool: what container/build.sh packs lies in a folder, which is the root of the processes that are
/// started of it, with the image's user, folder and environment and nothing else. Needs "root" and "unshare". Owned by one class of tests.
/// </summary>
internal sealed partial class ContainerImage : IDisposable
{
    private static readonly TimeSpan BuildTimeout = TimeSpan.FromMinutes(5);
    private readonly TemporaryFolder _folder = new();
    private readonly string _description = File.ReadAllText(Path.Combine(SourceTree.Root, "Dockerfile")).Replace("\\\n", "", StringComparison.Ordinal);

    private ContainerImage()
    {
    }

    /// <summary>What the processes see as their root.</summary>
    public string Root => _folder["root"];

    public static async Task<ContainerImage> BuildAsync()
    {
        await Tool.RunAsync(BuildTimeout, "bash", Path.Combine(SourceTree.Root, "container", "build.sh"));
        var image = new ContainerImage();
        Directory.CreateDirectory(image.Root);
        await Tool.RunAsync("tar", "--extract", "--preserve-permissions", "--directory", image.Root, "--file", Path.Combine(SourceTree.Root, image.Word("ADD").Split(' ')[0]));
        return image;
    }

    /// <summary>A container of the image; the settings are environment variables on top of the image's.</summary>
    public ServerStart Start(params string[] settings)
    {
        string[] user = Word("USER").Split(':');
        return new ServerStart(Path.Combine(Root, "data"))
        {
            Launcher =
            [
                // Neither forks: the process that the test starts is the server. env passes on what comes last of a name.
                "env", "--ignore-environment", .. EnvironmentPattern().Matches(Word("ENV")).Select(match => match.Value), .. settings,
                Requirement.Find("unshare")!, "--mount-proc", $"--root={Root}", $"--wd={Word("WORKDIR")}", $"--setuid={user[0]}", $"--setgid={user[1]}",
            ],
            Program = JsonSerializer.Deserialize<string[]>(Word("ENTRYPOINT"))!.Single(),
            Words = [],
        };
    }

    /// <summary>An empty volume, as the next container gets it.</summary>
    public void EmptyVolume()
    {
        foreach (string entry in Directory.GetFileSystemEntries(Path.Combine(Root, "data")))
        {
            if (Directory.Exists(entry)) Directory.Delete(entry, recursive: true);
            else File.Delete(entry);
        }
    }

    public void Dispose() => _folder.Dispose();

    // What stands behind an instruction of the Dockerfile.
    private string Word(string instruction) => Regex.Match(_description, $"^{instruction} (.*)$", RegexOptions.Multiline).Groups[1].Value;

    [GeneratedRegex(@"\S+=\S+")]
    private static partial Regex EnvironmentPattern();
}
