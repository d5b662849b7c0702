using Messaging.TestKit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Messaging.Sdk.Tests;

/// <summary>What the machine needs for the inherited facts of a class: a name of <see cref="Requirement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresAttribute(string requirement) : Attribute
{
    public string Requirement { get; } = requirement;
}

/// <summary>A fact that the classes of several languages inherit; skipped, with the reason, where the machine lacks what the class <see cref="RequiresAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Messaging.Sdk.Tests.InheritedFactDiscoverer", "Messaging.Sdk.Tests")]
public sealed class InheritedFactAttribute : FactAttribute;

/// <summary>Finds inherited facts.</summary>
public sealed class InheritedFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new InheritedFactCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

/// <summary>An inherited fact in one of the classes that inherit it.</summary>
public sealed class InheritedFactCase : XunitTestCase
{
    /// <summary>For the framework, which reads the rest by itself.</summary>
    [Obsolete("Only the framework makes one that is empty.")]
    public InheritedFactCase()
    {
    }

    internal InheritedFactCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.GetCustomAttributes(typeof(RequiresAttribute))
            .Select(static attribute => Requirement.WhyNot(attribute.GetNamedArgument<string>(nameof(RequiresAttribute.Requirement))))
            .FirstOrDefault();
}
