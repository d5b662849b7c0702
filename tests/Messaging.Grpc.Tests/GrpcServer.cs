using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Messaging.Api;
using Messaging.Grpc.Tests.Errors;
using Messaging.Http;
using Messaging.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Grpc.Tests;

/// <summary>
/// The real program on free loopback ports over a folder of its own, with a client that was generated from the contract. One for the tests of a class; each test takes a queue of its own.
/// </summary>
public sealed class GrpcServer : IAsyncLifetime
{
    private static int _names;

    private readonly TimeProvider _clock;
    private readonly string[] _settings;

    public GrpcServer()
        : this(TimeProvider.System)
    {
    }

    /// <summary>By a clock of the test's, and with further settings, as words of the command line.</summary>
    internal GrpcServer(TimeProvider clock, params string[] settings) => (_clock, _settings) = (clock, settings);

    private readonly string _folder = Directory.CreateTempSubdirectory("messaging-").FullName;
    private GrpcChannel _channel = null!;

    public WebApplication Server { get; private set; } = null!;

    /// <summary>The data folder.</summary>
    public string Folder => _folder;

    /// <summary>Its connection, on which every field that a refusal names is looked for in its request.</summary>
    public CallInvoker Channel { get; private set; } = null!;

    /// <summary>Where gRPC is served.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Where HTTP/1.1 is.</summary>
    public Uri Http { get; private set; } = null!;

    /// <summary>The bounds on what it buffers.</summary>
    internal BufferBudgets Budgets => Server.Services.GetRequiredService<BufferBudgets>();

    internal QueueService.QueueServiceClient Queues => new(Channel);

    internal OperationService.OperationServiceClient Operations => new(Channel);

    /// <summary>One for a single test, which disposes it, with the time of the system.</summary>
    internal static Task<GrpcServer> StartAsync() => StartAsync(TimeProvider.System);

    /// <inheritdoc cref="GrpcServer(TimeProvider, string[])"/>
    internal static async Task<GrpcServer> StartAsync(TimeProvider clock, params string[] settings)
    {
        var server = new GrpcServer(clock, settings);
        await server.InitializeAsync();
        return server;
    }

    public async Task InitializeAsync()
    {
        Server = Program.Build(
            [$"--Messaging:DataDirectory={_folder}", "--Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0", .. _settings], _clock);
        await Server.StartAsync();
        // In the order of the endpoints' names.
        string[] addresses = [.. Server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        (Address, Http) = (new Uri(addresses[0]), new Uri(addresses[1]));
        _channel = Connect();
        Channel = _channel.Intercept(new NamedFields());
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await Server.StopAsync();
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Another connection.</summary>
    public GrpcChannel Connect() => GrpcChannel.ForAddress(Address, new GrpcChannelOptions { MaxReceiveMessageSize = null });

    /// <summary>A name that nobody has taken.</summary>
    public static string NewName() => $"n{Interlocked.Increment(ref _names)}";

    /// <summary>A new queue, and its name.</summary>
    internal async Task<string> CreateQueueAsync(QueueDefinition? definition = null)
    {
        string name = NewName();
        Assert.True((await Queues.PutQueueAsync(new PutQueueRequest { Queue = name, Definition = definition })).Created);
        return name;
    }

    /// <summary>Sends texts, in one call.</summary>
    internal async Task SendAsync(string queue, params string[] bodies)
    {
        var request = new SendMessagesRequest { Queue = queue };
        request.Messages.AddRange(bodies.Select(static body => Text(body)));
        Assert.All((await Queues.SendMessagesAsync(request)).Results, static result => Assert.Null(result.Error));
    }

    internal static OutgoingMessage Text(string body) => new() { Body = global::Google.Protobuf.ByteString.CopyFromUtf8(body) };

    /// <summary>What is ready, at once.</summary>
    internal async Task<Message[]> ReceiveAsync(string queue, int max = 10) =>
        [.. (await Queues.ReceiveMessagesAsync(new ReceiveMessagesRequest { Queue = queue, Max = max, WaitSeconds = 0 })).Messages];

    internal async Task<QueueCounts> CountAsync(string queue) => (await Queues.GetQueueAsync(new GetQueueRequest { Queue = queue })).Queue.Counts;
}
