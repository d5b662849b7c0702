using System.Text;
using System.Text.RegularExpressions;
using Messaging.TestKit;
using Messaging.TestKit.Contracts;

namespace Messaging.Contract.Tests;

/// <summary>docs/rest.md as a program: its blocks of sh one behind the other. What each call was answered is written down.</summary>
internal static partial class CurlPage
{
    private const string Address = "api=http://127.0.0.1:8080\n";

    // In place of curl: its last words go to its errors, which stand in a file; what it prints goes where the page wants it, and into a file beside that one.
    private const string Curl = """
        curl() {
          local call code
          call="$CALLS/$(printf %03d "$(ls "$CALLS" | grep -c '[.]call$')")"
          command curl --write-out '%{stderr}\n%{method} %{url_effective} %{http_code} %{content_type}' "$@" 2> "$call.call" | tee "$call.body"
          code=${PIPESTATUS[0]}
          echo " exit=$code $*" >> "$call.call"
          return "$code"
        }

        """;

    /// <summary>Runs it in a folder against a server.</summary>
    public static async Task<(ProgramRun Run, IReadOnlyList<CurlCall> Calls)> RunAsync(string endpoint, string folder)
    {
        string calls = Directory.CreateDirectory(Path.Combine(folder, "calls")).FullName;
        string program = Path.Combine(folder, "page.sh");
        string page = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "rest.md"));
        await File.WriteAllTextAsync(program, Curl + Blocks(page, endpoint));

        ProgramRun run = await ProgramRun.RunAsync(Requirement.Find("bash")!, ["-u", "-o", "pipefail", program], folder, ("CALLS", calls));
        return (run, [.. Directory.EnumerateFiles(calls, "*.call").Order(StringComparer.Ordinal).Select(CurlCall.Read)]);
    }

    // The page has one address, at its top: that of the server that a reader starts.
    private static string Blocks(string page, string endpoint)
    {
        string program = BlockPattern().Matches(page).Aggregate(new StringBuilder(), (blocks, block) => blocks.Append(block.Groups[1].ValueSpan)).ToString();
        Assert.StartsWith(Address, program, StringComparison.Ordinal);
        return $"api={endpoint}\n{program[Address.Length..]}";
    }

    [GeneratedRegex(@"^```sh\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex BlockPattern();
}
