using System.Reflection;

namespace Messaging.Aws.Tests;

/// <summary>What the compiled assembly references, which is what the compiler really let through.</summary>
public sealed class FloorTests
{
    [Fact]
    public void Aws_sees_only_Broker_and_Http()
    {
        var seen = Assembly.Load("Messaging.Aws").GetReferencedAssemblies()
            .Select(assembly => assembly.Name!)
            .Where(name => name.StartsWith("Messaging.", StringComparison.Ordinal));

        Assert.All(seen, name => Assert.Contains(name, (string[])["Messaging.Broker", "Messaging.Http"]));
    }
}
