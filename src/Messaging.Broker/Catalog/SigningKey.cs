using Messaging.Broker.Envelopes;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// The key that notifications are signed with: made when the first subscription wants it, and kept in the system stream, so that a certificate that clients have once fetched stays right. Thread-safe.
/// </summary>
internal sealed class SigningKey(QueueHost host, LocalCatalog catalog) : IDisposable
{
    private readonly Lock _lock = new();
    private EnvelopeSigner? _signer;

    /// <summary>Null as long as nobody has needed it.</summary>
    public EnvelopeSigner? Signer
    {
        get
        {
            if (_signer is not null || catalog.SigningKey is not { } key) return _signer;
            lock (_lock)
            {
                return _signer ??= EnvelopeSigner.Import(key);
            }
        }
    }

    /// <summary>It is there, and synced, when this returns.</summary>
    public async ValueTask EnsureAsync()
    {
        if (catalog.SigningKey is not null) return;
        // Takes a tenth of a second.
        byte[] key = await Task.Run(static () =>
        {
            using var signer = EnvelopeSigner.Create();
            return signer.ExportKey();
        });
        byte[] entry = Entry(key);
        int bytes = Command.StateBytes(entry.Length);
        using Admission admission = await host.Engine.AdmitStateAsync(bytes, CancellationToken.None);
        if (!admission.IsRefused) await Sequence(admission, entry, key, bytes);
    }

    public void Dispose() => _signer?.Dispose();

    private ValueTask Sequence(Admission admission, byte[] entry, byte[] key, int bytes)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            if (catalog.SigningKey is null)
            {
                command.AppendState(host.Engine.System, entry);
                catalog.SigningKey = key;
            }

            synced = command.Commit(admission);
        }

        return synced;
    }

    private static byte[] Entry(byte[] key)
    {
        var writer = new EntryWriter(new byte[1 + EntryWriter.VarintBytesMax + key.Length]);
        writer.Byte((byte)CatalogEntryKind.SigningKey);
        writer.Bytes(key);
        return writer.Written.ToArray();
    }
}
