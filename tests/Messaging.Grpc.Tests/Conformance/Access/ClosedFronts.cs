using System.Text;
using Messaging.Broker.Access;
using Messaging.Broker.Names;
using Messaging.Grpc.Tests.Conformance.Queues;
using Messaging.Grpc.Tests.Conformance.Subscriptions;
using Messaging.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Grpc.Tests.Conformance.Access;

/// <summary>A closed server with a key of each of two accounts, one by its settings and one in its data folder, and what asks it by them.</summary>
public sealed class ClosedFronts : IAsyncLifetime
{
    internal static readonly TestKey Own = new("AKIAMESSAGING0000001", "a-secret-of-many-characters", "210987654321"), Foreign = new("AKIAMESSAGING0000002", "another-secret-of-many-characters", "111122223333");

    private readonly Fronts _fronts = new(
        "--Messaging:Auth:Mode=Closed", $"--Messaging:Auth:AccessKeyId={Own.Id}", $"--Messaging:Auth:SecretAccessKey={Own.Secret}", $"--Messaging:Auth:Account={Own.Account}");

    public async Task InitializeAsync()
    {
        await _fronts.InitializeAsync();
        BrokerGate gate = _fronts.Server.Server.Services.GetRequiredService<BrokerGate>();
        await gate.Opened;
        Assert.True(AccountId.TryParse(Foreign.Account, out AccountId account));
        Assert.True((await gate.Broker!.AccessKeys.PutAsync(new AccessKey(Foreign.Id, Foreign.Secret, account), CancellationToken.None)).IsOk);
    }

    public Task DisposeAsync() => _fronts.DisposeAsync();

    /// <summary>Queues by a key, or without one; over AWS those of an account, the key's own where nothing is said.</summary>
    internal IQueueFront Queues(string front, TestKey? key, string? account = null) => front switch
    {
        Fronts.Rest => new RestQueueFront(Rest(key)),
        Fronts.Grpc => new GrpcQueueFront(Grpc(key)),
        _ => new SqsQueueFront(Aws(key, account)),
    };

    /// <summary>Topics in the same way.</summary>
    internal ISubscriptionFront Topics(string front, TestKey? key, string? account = null) => front switch
    {
        Fronts.Rest => new RestSubscriptionFront(Rest(key)),
        Fronts.Grpc => new GrpcSubscriptionFront(Grpc(key)),
        _ => new SnsSubscriptionFront(Aws(key, account)),
    };

    internal RestCalls Rest(TestKey? key) => key is null ? _fronts.RestCalls : _fronts.RestCalls.With("Authorization", key.Basic);

    internal global::Grpc.Core.CallInvoker Grpc(TestKey? key) => key is null ? _fronts.Server.Channel : _fronts.Server.Channel.With("authorization", key.Basic);

    private AwsCalls Aws(TestKey? key, string? account) => _fronts.AwsCalls.As(new AwsCaller(Account: account ?? key?.Account ?? Own.Account, KeyId: key?.Id, Secret: key?.Secret ?? ""));
}

/// <summary>An access key, or what claims to be one.</summary>
internal sealed record TestKey(string Id, string Secret, string Account)
{
    /// <summary>As HTTP Basic.</summary>
    public string Basic => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Id}:{Secret}"));
}
