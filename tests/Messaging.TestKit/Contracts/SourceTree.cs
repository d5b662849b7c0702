namespace Messaging.TestKit.Contracts;

/// <summary>Files of the source tree that tests hold the code against.</summary>
public static class SourceTree
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The contract of the REST front.</summary>
    public static string OpenApiFile => Path.Combine(Root, "openapi.yaml");

    /// <summary>The contract of the AWS front for one of its services: sqs, sts.</summary>
    public static string AwsFile(string service) => Path.Combine(Root, "api", "aws", service + ".yaml");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Messaging.Api.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the source tree.");
        return folder.FullName;
    }
}
