using Messaging.TestKit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Messaging.Sdk.Tests;

/// <summary>What the machine needs for the facts of a class about one language: a name of <see cref="Requirement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresAttribute(string requirement) : Attribute
{
    public string Requirement { get; } = requirement;
}

/// <summary>A fact about a language, of its class or of one that the classes of several languages inherit; skipped, with the reason, where the machine lacks what the class <see cref="RequiresAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Messaging.Sdk.Tests.LanguageFactDiscoverer", "Messaging.Sdk.Tests")]
public sealed class LanguageFactAttribute : FactAttribute;

/// <summary>Finds these facts.</summary>
public sealed class LanguageFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new LanguageFactCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

/// <summary>Such a fact in the class of one language.</summary>
public sealed class LanguageFactCase : XunitTestCase
{
    /// <summary>For the framework, which reads the rest by itself.</summary>
    [Obsolete("Only the framework makes one that is empty.")]
    public LanguageFactCase()
    {
    }

    internal LanguageFactCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.GetCustomAttributes(typeof(RequiresAttribute))
            .Select(static attribute => Requirement.WhyNot(attribute.GetNamedArgument<string>(nameof(RequiresAttribute.Requirement))))
            .FirstOrDefault();
}
