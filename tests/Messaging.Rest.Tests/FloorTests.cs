using System.Reflection;

namespace Messaging.Rest.Tests;

/// <summary>What the compiled assembly references, which is what the compiler really let through.</summary>
public sealed class FloorTests
{
    [Fact]
    public void Rest_sees_only_Broker_and_Http()
    {
        var seen = Assembly.Load("Messaging.Rest").GetReferencedAssemblies()
            .Select(assembly => assembly.Name!)
            .Where(name => name.StartsWith("Messaging.", StringComparison.Ordinal));

        Assert.All(seen, name => Assert.Contains(name, (string[])["Messaging.Broker", "Messaging.Http"]));
    }
}
