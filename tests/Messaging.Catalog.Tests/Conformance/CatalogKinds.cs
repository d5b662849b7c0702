using System.Reflection;
using Messaging.TestKit;
using Xunit.Sdk;

namespace Messaging.Catalog.Tests.Conformance;

/// <summary>The catalogs that the suite runs over.</summary>
public enum CatalogKind
{
    Embedded,
    Postgres,
}

/// <summary>The theory runs over the embedded catalog.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EmbeddedAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[CatalogKind.Embedded]];
}

/// <summary>The theory runs over the catalog in Postgres, where there can be one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InPostgresAttribute : DataAttribute
{
    public InPostgresAttribute() => Skip = Requirement.WhyNot("postgresql");

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[CatalogKind.Postgres]];
}
