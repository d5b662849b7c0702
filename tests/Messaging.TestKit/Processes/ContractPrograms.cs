using Messaging.TestKit.Contracts;

namespace Messaging.TestKit.Processes;

/// <summary>Where the programs are that judge openapi.yaml and its page. Immutable.</summary>
internal static class ContractPrograms
{
    private const string BrowserPackage = "playwright-core";
    private const string LinterPackage = "@redocly/cli";

    /// <summary>Where tests/run.sh installs the packages of npm.</summary>
    public static string Packages { get; } = Path.Combine(SourceTree.Root, "artifacts", "npm", "contract");

    /// <summary>The linter, a script for node.</summary>
    public static string Linter { get; } = Path.Combine(Packages, "node_modules", LinterPackage, "bin", "cli.js");

    public static string? Browser { get; } = Requirement.Find("chromium");

    public static string? WhyNoLinter() => WhyNoPackage(LinterPackage);

    public static string? WhyNoBrowser() =>
        WhyNoPackage(BrowserPackage)
        ?? (Browser is null ? "chromium is not installed" : Requirement.Succeeds(Browser, "--version") ? null : $"{Browser} does not run");

    private static string? WhyNoPackage(string name) =>
        ClientPrograms.Node is null ? "node is not installed"
        : File.Exists(Path.Combine(Packages, "node_modules", name, "package.json")) ? null
        : $"{name} is not installed in artifacts/npm/contract (tests/run.sh installs it)";
}
