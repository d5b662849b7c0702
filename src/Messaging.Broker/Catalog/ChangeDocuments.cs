using System.Buffers;
using System.Text;
using Messaging.Broker.Documents;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Reads and changes documents. They stand in the log alone, also where definitions are in Postgres: some hold secrets. Cancellation counts until the command is sequenced.
/// </summary>
internal sealed class ChangeDocuments(QueueHost host, LocalCatalog catalog)
{
    private const int LengthsBytesMax = 6 * EntryWriter.VarintBytesMax;

    public ValueTask<Result<string?>> GetAsync(DocumentKey key, CancellationToken cancellationToken) => LookAsync(() => catalog.Documents.Find(key), cancellationToken);

    public ValueTask<Result<DocumentPage>> ListAsync(DocumentKey prefix, int pageSize, string? pageToken, CancellationToken cancellationToken)
    {
        var list = new PagedList("documents", prefix.Account, prefix.Namespace, prefix.Kind, prefix.Name);
        return list.Read(pageSize, pageToken, out string? after) is { } refusal
            ? ValueTask.FromResult<Result<DocumentPage>>(refusal)
            : LookAsync(() => Page(list, prefix, after, pageSize), cancellationToken);
    }

    public async ValueTask<Result<string?>> ChangeAsync(DocumentKey key, DocumentChange change, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (host.WhyStopping() is { } refusal) return refusal;
        if (!key.IsLegal) return new BrokerError(ErrorCode.InvalidName, $"A document's name has 1 to {BrokerLimits.DocumentNameBytesMax} bytes without control characters.");
        return await MeasuredCommand.RunAsync<string?>(host, frees: false, () => Measure(key, change), (in Command command, int bytes) => Apply(command, key, change, bytes), cancellationToken);
    }

    private DocumentPage Page(in PagedList list, in DocumentKey prefix, string? after, int pageSize)
    {
        (List<Document> page, bool more) = catalog.Documents.Page(prefix, after, pageSize);
        return new DocumentPage(page, more ? list.TokenOf(page[^1].Name) : null);
    }

    // A refusal, and what changes nothing, appends nothing.
    private int Measure(in DocumentKey key, DocumentChange change)
    {
        using Command command = host.Engine.BeginCommand(0);
        Result<string?> next = Decide(key, change, out bool changes);
        return next.IsOk && changes ? BytesMax(key, next.Value) : 0;
    }

    private Result<string?>? Apply(in Command command, in DocumentKey key, DocumentChange change, int bytes)
    {
        Result<string?> next = Decide(key, change, out bool changes);
        if (!next.IsOk || !changes) return next;
        if (BytesMax(key, next.Value) > bytes) return null;
        byte[] entry = Entry(key, next.Value);
        command.AppendState(host.Engine.System, entry);
        CatalogEntries.Apply(catalog, entry);
        return next;
    }

    private Result<string?> Decide(in DocumentKey key, DocumentChange change, out bool changes)
    {
        string? before = catalog.Documents.Find(key);
        Result<string?> next = change(before);
        changes = next.IsOk && next.Value != before;
        if (!changes || next.Value is not { } text) return next;
        if (text.Length > BrokerLimits.DocumentCharactersMax) return new BrokerError(ErrorCode.InvalidValue, $"A document has at most {BrokerLimits.DocumentCharactersMax} characters.");
        return before is not null || catalog.Documents.Count < BrokerLimits.DocumentsMax
            ? next
            : new BrokerError(ErrorCode.DefinitionsTooLarge, $"The server keeps at most {BrokerLimits.DocumentsMax} documents.");
    }

    private static int BytesMax(in DocumentKey key, string? text) =>
        Command.StateBytes(1 + LengthsBytesMax + key.BytesMax + (text is null ? 0 : Encoding.UTF8.GetByteCount(text)));

    private static byte[] Entry(in DocumentKey key, string? text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new BufferEntryWriter(buffer);
        writer.Byte((byte)(text is null ? CatalogEntryKind.DocumentDeleted : CatalogEntryKind.DocumentPut));
        DocumentTable.Write(ref writer, key);
        if (text is not null) DocumentTable.Text(ref writer, text);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private async ValueTask<Result<T>> LookAsync<T>(Func<T> look, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (host.WhyStopping() is { } refusal) return refusal;
        T found = Inside(look);
        // What is there may not be synced yet, and what is not there may be a deletion that is not.
        await host.Engine.SyncedAsync();
        return found;
    }

    private T Inside<T>(Func<T> look)
    {
        using Command command = host.Engine.BeginCommand(0);
        return look();
    }
}
