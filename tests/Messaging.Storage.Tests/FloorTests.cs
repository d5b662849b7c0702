using System.Reflection;

namespace Messaging.Storage.Tests;

/// <summary>What the compiled assembly references, which is what the compiler really let through.</summary>
public sealed class FloorTests
{
    [Fact]
    public void Storage_sees_no_other_project()
    {
        var seen = Assembly.Load("Messaging.Storage").GetReferencedAssemblies()
            .Select(assembly => assembly.Name!)
            .Where(name => name.StartsWith("Messaging.", StringComparison.Ordinal));

        Assert.Empty(seen);
    }
}
