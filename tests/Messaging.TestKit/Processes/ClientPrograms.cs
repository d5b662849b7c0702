using Messaging.TestKit.Contracts;

namespace Messaging.TestKit.Processes;

/// <summary>
/// Where the clients of other languages are on this machine. Those of the distribution come first: a developer's own Python is often
/// another one, without the packages. Immutable.
/// </summary>
internal static class ClientPrograms
{
    private const string DistributionFolder = "/usr/bin";
    private const string SdkPackage = "node_modules/@aws-sdk/client-sqs/package.json";
    private const string GeneratorPackage = "node_modules/@hey-api/openapi-ts/package.json";
    private const string ProtoPackage = "node_modules/ts-proto/package.json";
    // By the "engines" of docs/examples/typescript-rest/package.json.
    private const string NewEnough = "const [major, minor] = process.versions.node.split('.').map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)";

    public static string? Python { get; } = Locate("python3");

    public static string? Node { get; } = Locate("node");

    /// <summary>Amazon's command line.</summary>
    public static string? CommandLine { get; } = Locate("aws");

    /// <summary>Where tests/run.sh installs the packages of npm.</summary>
    public static string SdkFolder { get; } = Path.Combine(SourceTree.Root, "artifacts", "npm", "aws");

    /// <summary>Where it installs those of docs/examples/typescript-rest.</summary>
    public static string TypeScriptFolder { get; } = Path.Combine(SourceTree.Root, "artifacts", "npm", "sdk");

    /// <summary>Where it installs those of docs/examples/typescript-grpc.</summary>
    public static string GrpcFolder { get; } = Path.Combine(SourceTree.Root, "artifacts", "npm", "grpc");

    /// <summary>The compiler of Protocol Buffers, and its plug-in for Python.</summary>
    public static string? Protoc { get; } = Locate("protoc");

    /// <inheritdoc cref="Protoc"/>
    public static string? PythonPlugin { get; } = Locate("grpc_python_plugin");

    /// <summary>The contracts of grpc.health and grpc.reflection, as the distribution has them.</summary>
    public static string GrpcProtos { get; } = "/usr/share/grpc-proto/grpc";

    /// <summary>The details of a status, as the package of .NET that the server uses has them; null where it is not restored.</summary>
    public static string? StatusProtos { get; } = FindStatusProtos();

    /// <summary>The generator of clients of C#, where tests/run.sh installs it.</summary>
    public static string Kiota { get; } = Path.Combine(SourceTree.Root, "artifacts", "kiota", "kiota");

    public static string? WhyNoBoto3() =>
        Python is null ? "python3 is not installed"
        : Requirement.Succeeds(Python, "-c", "import boto3") ? null
        : $"boto3 is not installed for {Python}";

    public static string? WhyNoCommandLine() =>
        CommandLine is null ? "aws is not installed"
        : Requirement.Succeeds(CommandLine, "--version") ? null
        : $"{CommandLine} does not run";

    public static string? WhyNoSdk() =>
        Node is null ? "node is not installed"
        : File.Exists(Path.Combine(SdkFolder, SdkPackage)) ? null
        : "@aws-sdk/client-sqs is not installed in artifacts/npm/aws (tests/run.sh installs it)";

    public static string? WhyNoTypeScript() =>
        Node is null ? "node is not installed"
        : !Requirement.Succeeds(Node, "-e", NewEnough) ? "node is older than 20.19"
        : File.Exists(Path.Combine(TypeScriptFolder, GeneratorPackage)) ? null
        : "@hey-api/openapi-ts is not installed in artifacts/npm/sdk (tests/run.sh installs it)";

    public static string? WhyNoKiota() => File.Exists(Kiota) ? null : "kiota is not installed in artifacts/kiota (tests/run.sh installs it)";

    public static string? WhyNoPythonGrpc() =>
        Python is null ? "python3 is not installed"
        : !Requirement.Succeeds(Python, "-c", "import grpc, google.protobuf") ? $"grpcio is not installed for {Python}"
        : PythonPlugin is null ? "grpc_python_plugin is not installed"
        : WhyNoProtos();

    public static string? WhyNoTypeScriptGrpc() =>
        Node is null ? "node is not installed"
        : !File.Exists(Path.Combine(GrpcFolder, ProtoPackage)) ? "ts-proto is not installed in artifacts/npm/grpc (tests/run.sh installs it)"
        : WhyNoProtos();

    private static string? WhyNoProtos() =>
        Protoc is null ? "protoc is not installed"
        : !File.Exists("/usr/include/google/protobuf/timestamp.proto") ? "the well-known types are not installed (libprotobuf-dev)"
        : !Directory.Exists(GrpcProtos) ? "the contracts of health and reflection are not installed (grpc-proto)"
        : StatusProtos is null ? "the package Google.Api.CommonProtos is not where NuGet restores to"
        : null;

    private static string? FindStatusProtos()
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string package = Path.Combine(packages, "google.api.commonprotos");
        return !Directory.Exists(package) ? null
            : Directory.GetDirectories(package).Select(version => Path.Combine(version, "content", "protos", "google")).Where(Directory.Exists).Order(StringComparer.Ordinal).LastOrDefault();
    }

    private static string? Locate(string program)
    {
        string distributed = Path.Combine(DistributionFolder, program);
        return File.Exists(distributed) ? distributed : Requirement.Find(program);
    }
}
