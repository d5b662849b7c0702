using System.Reflection;

namespace Messaging.Broker.Tests;

/// <summary>What the compiled assembly references, which is what the compiler really let through.</summary>
public sealed class FloorTests
{
    [Fact]
    public void Broker_sees_only_Storage()
    {
        var seen = Assembly.Load("Messaging.Broker").GetReferencedAssemblies()
            .Select(assembly => assembly.Name!)
            .Where(name => name.StartsWith("Messaging.", StringComparison.Ordinal));

        Assert.All(seen, name => Assert.Equal("Messaging.Storage", name));
    }
}
