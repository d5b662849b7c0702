using Messaging.Broker;

namespace Messaging.Grpc.Calls;

/// <summary>Results of entries that have nothing to tell when they succeed, for <see cref="BatchAnswer"/>.</summary>
internal static class EntryResults
{
    public static readonly OutcomeError<BrokerError?> ErrorOf = static (in BrokerError? outcome) => outcome;

    public static readonly OutcomeResult<BrokerError?, V1.EntryResult> ResultOf = static (in BrokerError? _, V1.EntryError? error) => new V1.EntryResult { Error = error };
}
