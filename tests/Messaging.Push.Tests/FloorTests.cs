using System.Reflection;

namespace Messaging.Push.Tests;

/// <summary>What the compiled assembly references, which is what the compiler really let through.</summary>
public sealed class FloorTests
{
    [Fact]
    public void Push_sees_only_Broker()
    {
        var seen = Assembly.Load("Messaging.Push").GetReferencedAssemblies()
            .Select(assembly => assembly.Name!)
            .Where(name => name.StartsWith("Messaging.", StringComparison.Ordinal));

        Assert.All(seen, name => Assert.Equal("Messaging.Broker", name));
    }
}
