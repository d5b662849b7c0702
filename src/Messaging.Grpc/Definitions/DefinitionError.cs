using Grpc.Core;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Definitions;

/// <summary>Something that is wrong with an entry of a document of definitions, whoever found it. A value.</summary>
/// <param name="Kind">Of which list.</param>
/// <param name="Entry">Counted from 0 in it.</param>
/// <param name="Status">Of the call, where it is the first one.</param>
/// <param name="RetryAfterSeconds">When it is worth trying again; 0: nothing is said.</param>
/// <param name="Error">With the place of the entry in its field.</param>
internal readonly record struct DefinitionError(ResourceKind Kind, int Entry, StatusCode Status, int RetryAfterSeconds, V1.EntryError Error)
{
    public static DefinitionError Of(ResourceKind kind, int entry, BrokerError error) =>
        new(kind, entry, StatusTable.Of(error.Code), error.Code.RetryAfterSeconds(), At(kind, entry, Refusal.Told(Refusal.At(error, RequestFields.OfEntry))!));

    public static DefinitionError Of(ResourceKind kind, int entry, RpcException refused) => new(kind, entry, refused.StatusCode, 0, At(kind, entry, Refusal.Told(refused)));

    /// <summary>The document's list of this kind, as a field of the request.</summary>
    public static string ListOf(ResourceKind kind) => kind switch
    {
        ResourceKind.Queue => "document.queues",
        ResourceKind.Topic => "document.topics",
        ResourceKind.Subscription => "document.subscriptions",
    };

    private static V1.EntryError At(ResourceKind kind, int entry, V1.EntryError error)
    {
        string place = $"{ListOf(kind)}[{entry}]";
        error.Field = error.Field.Length == 0 ? place : $"{place}.{error.Field}";
        return error;
    }
}
