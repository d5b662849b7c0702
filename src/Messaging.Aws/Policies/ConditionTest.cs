namespace Messaging.Aws.Policies;

/// <summary>How a condition compares, before it is negated.</summary>
internal enum ConditionTest
{
    TextEquals,
    TextEqualsIgnoringCase,
    TextLike,
    NumberEquals,
    NumberLess,
    NumberLessOrEqual,
    NumberGreater,
    NumberGreaterOrEqual,
    Truth,
    Address,
    Arn,

    /// <summary>Whether the key is absent.</summary>
    Absence,
}
