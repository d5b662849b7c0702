using Messaging.TestKit.Processes;

namespace Messaging.AwsClients.Tests.Scripts;

/// <summary>What clients and scripts read from their environment, and nothing of the developer's own accounts.</summary>
internal static class ClientEnvironment
{
    public static Action<IDictionary<string, string?>> Of(SqsServer server) => environment => Fill(environment, server);

    private static void Fill(IDictionary<string, string?> environment, SqsServer server)
    {
        foreach (string name in environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
            environment.Remove(name);
        environment["SQS_ENDPOINT"] = server.Endpoint.ToString().TrimEnd('/');
        environment["SQS_ACCOUNT"] = SqsServer.Account;
        environment["SQS_OTHER_ACCOUNT"] = SqsServer.OtherAccount;
        environment["SQS_OTHER_KEY_ID"] = SqsServer.OtherKeyId;
        environment["SQS_OTHER_SECRET"] = server.OtherSecret;
        environment["SQS_SDK_FOLDER"] = ClientPrograms.SdkFolder;
        environment["AWS_ACCESS_KEY_ID"] = SqsServer.AccessKeyId;
        environment["AWS_SECRET_ACCESS_KEY"] = SqsServer.SecretAccessKey;
        environment["AWS_REGION"] = environment["AWS_DEFAULT_REGION"] = "us-east-1";
        // No file of the developer's, no question to a metadata service that is not there, no compiled files beside the scripts, no pager.
        environment["AWS_CONFIG_FILE"] = environment["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
        environment["AWS_EC2_METADATA_DISABLED"] = "true";
        environment["PYTHONDONTWRITEBYTECODE"] = "1";
        environment["AWS_PAGER"] = "";
        environment["NO_COLOR"] = "1";
    }
}
