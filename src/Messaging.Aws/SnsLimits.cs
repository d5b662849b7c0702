namespace Messaging.Aws;

/// <summary>
/// The bounds of Amazon SNS, by name (AWS General Reference, "Amazon SNS endpoints and quotas"; API Reference; Developer Guide). What says so is ours.
/// </summary>
internal static class SnsLimits
{
    /// <summary>A message, and all messages of a batch: body, and names, types and values of attributes; 256 KiB.</summary>
    public const int MessageBytesMax = 262_144;

    /// <summary>Characters of a subject.</summary>
    public const int SubjectCharactersMax = 100;

    /// <summary>Characters of a topic's name, ".fifo" included. SNS has 256; ours is what the server's names have.</summary>
    public const int TopicNameCharactersMax = 255;

    /// <summary>Characters of a topic's DisplayName.</summary>
    public const int DisplayNameCharactersMax = 100;

    /// <summary>Entries of a page of a list.</summary>
    public const int PageSize = 100;

    /// <summary>Filter policies of one topic.</summary>
    public const int FilterPoliciesPerTopicMax = 200;

    /// <summary>Filter policies of one account.</summary>
    public const int FilterPoliciesPerAccountMax = 10_000;

    /// <summary>A topic's policy. SNS has 30,720 bytes; ours is what the server keeps of one attribute.</summary>
    public const int PolicyBytesMax = 16_384;

    /// <summary>Statements of a topic's policy.</summary>
    public const int PolicyStatementsMax = 100;

    /// <summary>Actions of one statement; ours, all that there are.</summary>
    public const int PolicyActionsMax = 32;

    /// <summary>Days for which an archive keeps messages.</summary>
    public const int ArchiveDaysMax = 365;

    /// <summary>A topic's data protection policy; SNS has 30,720 bytes.</summary>
    public const int DataProtectionBytesMax = 30_720;

    /// <summary>Statements of a data protection policy; ours.</summary>
    public const int DataProtectionStatementsMax = 10;

    /// <summary>Characters of a platform application's name.</summary>
    public const int ApplicationNameCharactersMax = 256;

    /// <summary>Characters of a telephone number; the longest of E.164 has 15 digits.</summary>
    public const int PhoneCharactersMax = 32;

    /// <summary>UTF-8 bytes of an endpoint's CustomUserData.</summary>
    public const int UserDataBytesMax = 2_048;

    /// <summary>Characters of an endpoint's token; ours. The longest that a push service gives has some 4,000.</summary>
    public const int TokenCharactersMax = 4_096;

    /// <summary>Phone numbers of one account in the sandbox.</summary>
    public const int SandboxNumbersMax = 10;

    /// <summary>Origination numbers of a page.</summary>
    public const int OriginationPageMax = 30;
}
