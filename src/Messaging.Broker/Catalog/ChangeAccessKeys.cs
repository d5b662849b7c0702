using System.Buffers;
using Messaging.Broker.Access;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Makes and deletes access keys. They stand in the log alone, also where definitions are in Postgres: a database that a team looks at is no place for secrets.
/// Cancellation counts until the command is sequenced.
/// </summary>
internal sealed class ChangeAccessKeys(QueueHost host, LocalCatalog catalog)
{
    public async ValueTask<Result<bool>> PutAsync(AccessKey key, CancellationToken cancellationToken)
    {
        if (!AccessKey.IsLegalId(key.Id))
        {
            return new BrokerError(ErrorCode.InvalidValue,
                $"An access key's id has {BrokerLimits.AccessKeyIdCharactersMin} to {BrokerLimits.AccessKeyIdCharactersMax} letters, digits and underscores.");
        }

        if (!AccessKey.IsLegalSecret(key.Secret))
        {
            return new BrokerError(ErrorCode.InvalidValue,
                $"A secret has {BrokerLimits.SecretCharactersMin} to {BrokerLimits.SecretCharactersMax} visible characters of ASCII.");
        }

        return await ChangeAsync(
            PutEntry(key),
            () => catalog.AccessKeys.TryGet(key.Id, out _) ? new BrokerError(ErrorCode.InvalidValue, $"There is an access key {key.Id} already.")
                : catalog.AccessKeys.Count >= BrokerLimits.AccessKeysMax ? new BrokerError(ErrorCode.InvalidValue, $"The server has {BrokerLimits.AccessKeysMax} access keys.")
                : null,
            cancellationToken);
    }

    public ValueTask<Result<bool>> DeleteAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        DeletedEntry(id),
        () => catalog.AccessKeys.TryGet(id, out _) ? null : new BrokerError(ErrorCode.InvalidValue, $"There is no access key {id}."),
        cancellationToken);

    private async ValueTask<Result<bool>> ChangeAsync(byte[] entry, Func<BrokerError?> check, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        BrokerError? refusal = host.WhyStopping();
        if (refusal is not null) return refusal;
        int bytes = Command.StateBytes(entry.Length);
        using Admission admission = await host.Engine.AdmitStateAsync(bytes, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(entry, bytes, check, out Result<bool> result);
        return result;
    }

    private ValueTask Sequence(byte[] entry, int bytes, Func<BrokerError?> check, out Result<bool> result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            BrokerError? refusal = check();
            result = refusal is null ? true : refusal;
            if (refusal is null)
            {
                command.AppendState(host.Engine.System, entry);
                CatalogEntries.Apply(catalog, entry);
            }

            synced = command.Commit();
        }

        return synced;
    }

    private static byte[] PutEntry(AccessKey key)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new BufferEntryWriter(buffer);
        writer.Byte((byte)CatalogEntryKind.AccessKeyPut);
        AccessKeyTable.Write(ref writer, key);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] DeletedEntry(string id)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new BufferEntryWriter(buffer);
        writer.Byte((byte)CatalogEntryKind.AccessKeyDeleted);
        AccessKeyTable.Text(ref writer, id);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
