using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>The same in closed mode, with the key of the settings.</summary>
public sealed class ClosedServer : IAsyncLifetime
{
    public const string KeyId = "AKIAIOSFODNN7EXA";
    public const string Secret = "wJalrXUtnFEMI:K7MDENG+bPxRfiCYEXAMPLEKEY";

    public RunningServer Server { get; } = new(
        "--Messaging:Auth:Mode=Closed", $"--Messaging:Auth:AccessKeyId={KeyId}", $"--Messaging:Auth:SecretAccessKey={Secret}", "--Messaging:Auth:Account=111122223333");

    public Task InitializeAsync() => Server.InitializeAsync();

    public Task DisposeAsync() => Server.DisposeAsync();
}
