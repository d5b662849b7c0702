using System.Globalization;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Messages;

/// <summary>What every batch keeps, whatever its entries are: 1 to 10 of them, each with an id of its own (API Reference, errors of the batch actions).</summary>
internal static class BatchRules
{
    public static AwsError? Check<TEntry>(List<TEntry> entries, string shape, Func<TEntry, string?> idOf)
    {
        if (entries.Count == 0)
            return new AwsError(AwsErrorCode.EmptyBatchRequest, $"There should be at least one {shape} in the request.");
        if (entries.Count > AwsLimits.BatchEntriesMax)
            return new AwsError(AwsErrorCode.TooManyEntriesInBatchRequest, string.Create(
                CultureInfo.InvariantCulture, $"Maximum number of entries per request are {AwsLimits.BatchEntriesMax}. You have sent {entries.Count}."));
        for (int index = 0; index < entries.Count; index++)
        {
            string? id = idOf(entries[index]);
            if (id is null)
                return Refusals.Missing($"{shape}.{index + 1}.Id");
            if (!IdText.IsEntryId(id))
                return new AwsError(AwsErrorCode.InvalidBatchEntryId, $"A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most {AwsLimits.BatchEntryIdCharactersMax} letters long.");
            for (int earlier = 0; earlier < index; earlier++)
            {
                if (idOf(entries[earlier]) == id)
                    return new AwsError(AwsErrorCode.BatchEntryIdsNotDistinct, $"Id {id} repeated.");
            }
        }
        return null;
    }
}
