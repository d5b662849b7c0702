using Messaging.Aws;
using Messaging.Broker.Access;
using Messaging.Broker.Catalog;
using Messaging.Broker.Envelopes;
using Messaging.Push.Mail;
using Messaging.Push;
using Messaging.Storage;

namespace Messaging.Api.Configuration;

/// <summary>The section "Messaging" of the configuration, checked once at start; plain values from there on.</summary>
internal sealed class ServerOptions
{
    /// <summary>Where everything lies; relative to the current directory, so that two folders are two servers.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>A document of definitions to apply at start; null for none.</summary>
    public string? Definitions { get; init; }

    /// <summary>Who may call.</summary>
    public AuthMode AuthMode { get; init; } = AuthMode.Open;

    /// <summary>The access key of the settings, beside those of the data folder; null for none.</summary>
    public AccessKey? AccessKey { get; init; }

    /// <summary>Open on addresses that others reach: an explicit word, logged at every start.</summary>
    public bool AllowOpenBeyondLoopback { get; init; }

    /// <summary>What the AWS front is told.</summary>
    public AwsSettings Aws { get; init; } = new();

    /// <summary>How others are reached that topics push to.</summary>
    public PushOptions Push { get; init; } = new();

    /// <summary>The mail server; null for none. It holds a password: never log it.</summary>
    public MailOptions? Mail { get; init; }

    /// <summary>What notifications say of this server.</summary>
    public EnvelopeOptions Envelopes { get; init; } = new();

    /// <summary>How to reach the Postgres of the catalog; null: the catalog is in the data folder. It holds a password: never log it.</summary>
    public string? CatalogConnection { get; init; }

    /// <summary>Which side holds where Postgres and the data folder contradict each other: this start's own word.</summary>
    public CatalogChoice CatalogChoice { get; init; }

    /// <summary>How the engine uses the disk.</summary>
    public LogEngineOptions Storage { get; init; } = new();
}
