using Messaging.TestKit;
using Messaging.TestKit.Postgres;

namespace Messaging.Catalog.Tests;

/// <summary>One PostgreSQL for all tests that leave it running, each in a database of its own. Where there can be none, they are skipped.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private PostgresInstance? _instance;

    internal PostgresInstance Instance => _instance ?? throw new InvalidOperationException("There is no PostgreSQL here.");

    public async Task InitializeAsync()
    {
        if (Requirement.WhyNot("postgresql") is null) _instance = await PostgresInstance.StartNewAsync();
    }

    public async Task DisposeAsync()
    {
        if (_instance is not null) await _instance.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresGroup : ICollectionFixture<SharedPostgres>
{
    public const string Name = "postgres";
}
