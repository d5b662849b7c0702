using Messaging.Api.Configuration;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Rest;

namespace Messaging.Api.Hosting;

/// <summary>
/// The file of the setting Messaging:Definitions: read before the data is recovered, applied before the first call is served. A server whose file is wrong does not
/// start. One whose disk is full, or whose Postgres is away, does, without it: what exists is served as ever.
/// </summary>
internal sealed partial class DefinitionsAtStart(string path, ILogger logger)
{
    private const int ChangesLoggedMax = 100;

    private ReadOnlyMemory<byte> _json;

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > DefinitionsFile.BytesMax })
                throw new SettingException($"{ServerSettings.Definitions}: {path} has more than {DefinitionsFile.BytesMax} bytes.");
            _json = await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{ServerSettings.Definitions}: {path} can't be read. {exception.Message}");
        }
    }

    public async Task ApplyAsync(MessageBroker broker)
    {
        Result<AppliedDefinitions> applied = await DefinitionsFile.ApplyAsync(broker, _json);
        _json = default;
        if (applied.IsOk)
            Log(applied.Value);
        else if (applied.Error.Code is ErrorCode.DiskFull or ErrorCode.CatalogUnavailable)
            LogNotApplied(logger, path, applied.Error.Detail);
        else
            throw new SettingException($"{ServerSettings.Definitions}: {path} is refused, and nothing of it applied. {applied.Error.Detail}");
    }

    private void Log(AppliedDefinitions applied)
    {
        int created = applied.Changes.Count(static change => change.IsCreated);
        LogApplied(logger, path, created, applied.Changes.Count - created, applied.Unchanged);
        foreach (DefinitionChange change in applied.Changes.Take(ChangesLoggedMax))
        {
            string kind = WordOf(change.Key.Kind);
            string name = change.Key.Topic is { } topic ? $"{topic}/{change.Key.Name}" : change.Key.Name;
            string fields = string.Join(", ", change.Fields);
            LogChange(logger, kind, name, change.Key.Namespace.Value, change.IsCreated ? "created" : "changed", fields.Length == 0 ? "all defaults" : fields);
        }
        if (applied.Changes.Count > ChangesLoggedMax)
            LogMore(logger, applied.Changes.Count - ChangesLoggedMax);
    }

    private static string WordOf(ResourceKind kind) => kind switch
    {
        ResourceKind.Queue => "Queue",
        ResourceKind.Topic => "Topic",
        ResourceKind.Subscription => "Subscription",
    };

    [LoggerMessage(EventId = 1005, Level = LogLevel.Information, Message = "Definitions of {Path}: {Created} created, {Changed} changed, {Unchanged} as they were.")]
    private static partial void LogApplied(ILogger logger, string path, int created, int changed, int unchanged);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Information, Message = "{Kind} {Name} of {Namespace} {Change}: {Fields}.")]
    private static partial void LogChange(ILogger logger, string kind, string name, string @namespace, string change, string fields);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Information, Message = "And {More} more.")]
    private static partial void LogMore(ILogger logger, int more);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Error, Message = "Definitions of {Path} NOT APPLIED: {Reason} Everything is as it was; start again, or PUT the file, when that has passed.")]
    private static partial void LogNotApplied(ILogger logger, string path, string reason);
}
