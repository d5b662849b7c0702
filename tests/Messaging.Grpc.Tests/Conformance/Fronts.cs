namespace Messaging.Grpc.Tests.Conformance;

/// <summary>The real program, and what asks it over each front. One for the tests of a class; each test takes names of its own.</summary>
public sealed class Fronts : IAsyncLifetime
{
    public const string Rest = "REST", Grpc = "gRPC", Aws = "AWS";

    public Fronts()
        : this([])
    {
    }

    /// <summary>With further settings, as words of the command line.</summary>
    internal Fronts(params string[] settings) => Server = new GrpcServer(TimeProvider.System, settings);

    internal GrpcServer Server { get; }

    internal RestCalls RestCalls { get; private set; } = null!;

    internal AwsCalls AwsCalls { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Server.InitializeAsync();
        (RestCalls, AwsCalls) = (new RestCalls(Server.Http), new AwsCalls(Server.Http));
    }

    public async Task DisposeAsync()
    {
        RestCalls.Dispose();
        AwsCalls.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>Each front with each, itself included.</summary>
    public static TheoryData<string, string> Pairs(params string[] names)
    {
        var pairs = new TheoryData<string, string>();
        foreach (string first in names)
        {
            foreach (string second in names) pairs.Add(first, second);
        }

        return pairs;
    }
}
