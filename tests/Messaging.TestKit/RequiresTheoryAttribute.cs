using Xunit;

namespace Messaging.TestKit;

/// <summary>A theory that is skipped, with the reason, where the machine lacks something it needs: <see cref="RequiresFactAttribute"/> with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresTheoryAttribute : TheoryAttribute
{
    /// <summary>Names of <see cref="Requirement"/>.</summary>
    public RequiresTheoryAttribute(params string[] requirements)
    {
        Requirements = requirements;
        Skip = Requirement.WhyNot(requirements);
    }

    /// <summary>All that the test needs.</summary>
    public IReadOnlyList<string> Requirements { get; }
}
