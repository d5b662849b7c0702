namespace Messaging.Broker.Filters;

/// <summary>What <see cref="JsonTokens"/> came to.</summary>
internal enum JsonStep
{
    /// <summary>The name of a member.</summary>
    Name,

    /// <summary>A value that is no container.</summary>
    Scalar,

    OpenObject,
    OpenArray,
    Close,

    /// <summary>Behind the last token of sound JSON.</summary>
    End,

    /// <summary>The text is not sound JSON.</summary>
    Malformed,
}
