using System.Text.RegularExpressions;
using Messaging.TestKit.Contracts;

namespace Messaging.Sdk.Tests;

/// <summary>docs/sdks.md as its readers have it: the code that stands there is run as it stands.</summary>
internal static partial class SdkPage
{
    private static readonly string Text = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "sdks.md"));

    /// <summary>The blocks of code of a language under a heading, in their order; there is one at least.</summary>
    public static string[] Blocks(string heading, string language)
    {
        string section = Assert.Single(SectionPattern().Matches(Text), section => section.Groups["heading"].Value == heading).Groups["section"].Value;
        string[] blocks = [.. BlockPattern().Matches(section).Where(block => block.Groups["language"].Value == language).Select(static block => block.Groups["code"].Value)];
        Assert.NotEmpty(blocks);
        return blocks;
    }

    /// <summary>The only command of the shell under a heading that begins with this program, with all of its lines.</summary>
    public static string Command(string heading, string program) =>
        Assert.Single(CommandPattern().Matches(string.Concat(Blocks(heading, "sh"))), command => command.Value.StartsWith(program + " ", StringComparison.Ordinal)).Value;

    // A comment of Python begins with one "#".
    [GeneratedRegex(@"^##+ (?<heading>.*?)\n(?<section>.*?)(?=^##+ |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex SectionPattern();

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex(@"^(.*\\\n)*.+$", RegexOptions.Multiline)]
    private static partial Regex CommandPattern();
}
