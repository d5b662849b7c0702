using System.Globalization;
using Messaging.Broker.Catalog;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Messaging.Rest.Http;

/// <summary>
/// ETag, If-Match and If-None-Match (RFC 9110, section 13): a definition's tag is its version. The counts in the same answer are not what it speaks of; it is a
/// strong one all the same, since If-Match takes no weak one, and no answer is ever 304.
/// </summary>
internal static class Preconditions
{
    public const string IfMatch = "If-Match";
    public const string IfNoneMatch = "If-None-Match";

    private const string Any = "*";

    public static void SetTag(HttpResponse response, long version) => response.Headers.ETag = TagOf(version);

    public static Problem? Read(IHeaderDictionary headers, out Precondition precondition) => ReadBoth(headers, out precondition)
        ?? (precondition.IsContradiction ? Problem.Invalid(IfNoneMatch, "Nothing exists and does not: leave this or If-Match out.") : null);

    private static Problem? ReadBoth(IHeaderDictionary headers, out Precondition precondition)
    {
        precondition = default;
        if (headers.IfNoneMatch.Count > 0)
        {
            if (headers.IfNoneMatch != Any)
                return Problem.Invalid(IfNoneMatch, "Must be *: the call creates, and changes nothing that is there.");
            precondition = precondition with { MustNotExist = true };
        }
        if (headers.IfMatch.Count == 0)
            return null;
        if (headers.IfMatch == Any)
        {
            precondition = precondition with { MustExist = true };
            return null;
        }
        if (!EntityTagHeaderValue.TryParseStrictList(headers.IfMatch, out IList<EntityTagHeaderValue>? tags))
            return Problem.Invalid(IfMatch, "Must be * or the ETag of the definition that is to be changed, with its quotes.");
        if (tags.Count > RestLimits.EntityTagsMax)
            return Problem.Invalid(IfMatch, $"Has at most {RestLimits.EntityTagsMax} tags.");
        precondition = precondition with { Versions = [.. tags.Select(VersionOf).OfType<long>()] };
        return null;
    }

    private static string TagOf(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    // Weak tags and those of others match nothing; tags are compared character by character.
    private static long? VersionOf(EntityTagHeaderValue tag) =>
        !tag.IsWeak && long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out long version) && tag.Tag == TagOf(version)
            ? version
            : null;
}
