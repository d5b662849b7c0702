using Xunit;

namespace Messaging.TestKit;

/// <summary>A fact that is skipped, with the reason, where the machine lacks something it needs: <c>[RequiresFact("strace", "root")]</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresFactAttribute : FactAttribute
{
    /// <summary>Names of <see cref="Requirement"/>.</summary>
    public RequiresFactAttribute(params string[] requirements)
    {
        Requirements = requirements;
        Skip = Requirement.WhyNot(requirements);
    }

    /// <summary>All that the test needs.</summary>
    public IReadOnlyList<string> Requirements { get; }
}
