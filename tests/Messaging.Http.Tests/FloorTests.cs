using System.Reflection;

namespace Messaging.Http.Tests;

/// <summary>What the compiled assembly references, which is what the compiler really let through.</summary>
public sealed class FloorTests
{
    [Fact]
    public void Http_sees_only_Broker()
    {
        var seen = Assembly.Load("Messaging.Http").GetReferencedAssemblies()
            .Select(assembly => assembly.Name!)
            .Where(name => name.StartsWith("Messaging.", StringComparison.Ordinal));

        Assert.All(seen, name => Assert.Equal("Messaging.Broker", name));
    }
}
