using Messaging.Broker.Catalog;
using Messaging.Broker.Documents;

namespace Messaging.Broker;

/// <summary>
/// Small texts that a front keeps for things of its protocol that the broker has no idea of, by account, namespace, kind and name: durable, in the data folder, and at most <see cref="BrokerLimits.DocumentsMax"/>. Owned by the
/// <see cref="MessageBroker"/>; safe for concurrent calls. Refusals are values, faults of the disk are exceptions of Storage. Control plane. A text may be a secret, and is never logged.
/// </summary>
public sealed class DocumentBroker
{
    private readonly ChangeDocuments _documents;

    internal DocumentBroker(ChangeDocuments documents) => _documents = documents;

    /// <summary>The text, or null where there is no such document, at one synced point.</summary>
    public ValueTask<Result<string?>> GetAsync(DocumentKey key, CancellationToken cancellationToken) => _documents.GetAsync(key, cancellationToken);

    /// <summary>Those of the kind whose names begin with the key's name (empty: all), by pages of 1 to <see cref="BrokerLimits.ListPageSizeMax"/>, in ordinal order of names.</summary>
    public ValueTask<Result<DocumentPage>> ListAsync(DocumentKey prefix, int pageSize, string? pageToken, CancellationToken cancellationToken) =>
        _documents.ListAsync(prefix, pageSize, pageToken, cancellationToken);

    /// <summary>Creates, changes or deletes the document, atomically with looking at it; the text that is there then. Of at most <see cref="BrokerLimits.DocumentCharactersMax"/> characters (<see cref="ErrorCode.InvalidValue"/>).</summary>
    public ValueTask<Result<string?>> ChangeAsync(DocumentKey key, DocumentChange change, CancellationToken cancellationToken) => _documents.ChangeAsync(key, change, cancellationToken);
}
