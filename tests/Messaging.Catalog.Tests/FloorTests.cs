using System.Reflection;

namespace Messaging.Catalog.Tests;

/// <summary>What the compiled assembly references, which is what the compiler really let through.</summary>
public sealed class FloorTests
{
    [Fact]
    public void Catalog_sees_only_Broker()
    {
        var seen = Assembly.Load("Messaging.Catalog").GetReferencedAssemblies()
            .Select(assembly => assembly.Name!)
            .Where(name => name.StartsWith("Messaging.", StringComparison.Ordinal));

        Assert.All(seen, name => Assert.Equal("Messaging.Broker", name));
    }
}
