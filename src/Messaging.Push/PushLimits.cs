namespace Messaging.Push;

/// <summary>Every bound of deliveries to endpoints and mailboxes, by name; those without a source are ours.</summary>
public static class PushLimits
{
    /// <summary>Deliveries by HTTP at one time, to all endpoints; more are refused as overloaded. Each holds a connection and its message.</summary>
    public const int InFlightMax = 1_024;

    /// <summary>Deliveries of one subscription at one time, at most.</summary>
    public const int WindowMax = 64;

    /// <summary>Deliveries of one subscription at one time when it begins. Each that arrives makes room for another one, so that it doubles with every round.</summary>
    public const int WindowStart = 1;

    /// <summary>The share of <see cref="PushOptions.Concurrency"/> that subscriptions may have whose latest attempt failed, or who have made none.</summary>
    public const double UnprovenShare = 0.5;

    /// <summary>Messages of one subscription that are leased and wait for their turn, at most.</summary>
    public const int AheadMax = 512;

    /// <summary>Bytes of what one subscription has leased from which on it leases no more.</summary>
    public const int LeasedBytesPerSubscriptionMax = 16 << 20;

    /// <summary>Bytes of what all subscriptions have leased; who would lease more waits.</summary>
    public const long LeasedBytesMax = 256 << 20;

    /// <summary>Attempts to tell a receiver that it has ended its subscription.</summary>
    public const int FarewellAttemptsMax = 3;

    /// <summary>Between them.</summary>
    public static readonly TimeSpan FarewellPause = TimeSpan.FromSeconds(20);

    /// <summary>How often a subscription's failures are told in the log, at most.</summary>
    public static readonly TimeSpan NewsPause = TimeSpan.FromMinutes(1);

    /// <summary>How long attempts that are under way have to end when the server stops.</summary>
    public static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    /// <summary>How long a subscription waits that was refused as overloaded.</summary>
    public static readonly TimeSpan OverloadPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Bytes that a document mostly has around its message.</summary>
    public const int DocumentBytesAround = 2_048;

    /// <summary>Connections to one host and port; who finds them taken waits, within the time of its attempt.</summary>
    public const int ConnectionsPerHostMax = 64;

    /// <summary>How long a connection is used, so that a changed DNS entry counts, and is judged, some day.</summary>
    public static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>How long a connection may be idle.</summary>
    public static readonly TimeSpan ConnectionIdle = TimeSpan.FromSeconds(30);

    /// <summary>Addresses of a name that are tried, in DNS's order.</summary>
    public const int AddressesMax = 4;

    /// <summary>Kilobytes of an answer's head.</summary>
    public const int AnswerHeadKilobytesMax = 16;

    /// <summary>Bytes of an answer's body that are read; the rest is abandoned.</summary>
    public const int AnswerBytesMax = 4_096;

    /// <summary>Bytes of an answer that are read and dropped so that its connection can be used again.</summary>
    public const int AnswerDrainBytesMax = 65_536;

    /// <summary>Endpoints whose failures are remembered, some KB each: the ones that were used last.</summary>
    public const int BreakersMax = 4_096;

    /// <summary>Attempts within <see cref="BreakerWindow"/> below which no endpoint is judged.</summary>
    public const int BreakerAttemptsMin = 10;

    /// <summary>How far an endpoint's failures are looked back at.</summary>
    public static readonly TimeSpan BreakerWindow = TimeSpan.FromSeconds(30);

    /// <summary>The share of failures from which on an endpoint is left alone.</summary>
    public const double BreakerFailures = 0.9;

    /// <summary>UTF-16 units of a mail address (RFC 5321, section 4.5.3.1.3).</summary>
    public const int MailAddressCharactersMax = 254;

    /// <summary>Bytes of all replies of a mail server to one mail.</summary>
    public const int MailReplyBytesMax = 65_536;

    /// <summary>UTF-16 units of a mail server's last reply that are told.</summary>
    public const int MailReplyCharactersMax = 1_024;
}
