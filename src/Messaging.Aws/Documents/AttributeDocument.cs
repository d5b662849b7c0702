using System.Text.Encodings.Web;
using System.Text.Json;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Broker;
using Messaging.Broker.Documents;
using Messaging.Broker.Names;

namespace Messaging.Aws.Documents;

/// <summary>A new set of attributes, of those that are there (null: none is), or why not: null for none.</summary>
internal delegate AwsError? AttributeChange(Dictionary<string, string>? attributes, out Dictionary<string, string>? next);

/// <summary>Attributes by name, kept as one document of the broker's. Stateless.</summary>
internal static class AttributeDocument
{
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Format(Dictionary<string, string> attributes) => JsonSerializer.Serialize(attributes, Written);

    public static Dictionary<string, string> Parse(string text) => new(JsonSerializer.Deserialize<Dictionary<string, string>>(text)!, StringComparer.Ordinal);

    /// <summary>Null without a refusal where there is none.</summary>
    public static async ValueTask<(AwsError? Refused, Dictionary<string, string>? Attributes)> GetAsync(Call call, DocumentKey key)
    {
        Result<string?> found = await call.Broker.Documents.GetAsync(key, call.Http.RequestAborted);
        return found.IsOk ? (null, found.Value is { } text ? Parse(text) : null) : (SnsRefusals.Of(found.Error), null);
    }

    /// <summary>Looks and changes in one step; the change may be asked more than once.</summary>
    public static async ValueTask<AwsError?> ChangeAsync(Call call, DocumentKey key, AttributeChange change)
    {
        AwsError? refused = null;
        Result<string?> changed = await call.Broker.Documents.ChangeAsync(
            key,
            text =>
            {
                refused = change(text is null ? null : Parse(text), out Dictionary<string, string>? next);
                return refused is not null ? text : next is null ? null : Format(next);
            },
            CancellationToken.None);
        return changed.IsOk ? refused : SnsRefusals.Of(changed.Error);
    }

    /// <summary>Sets these and leaves the others; of one that is not there it makes one, or is refused with <paramref name="missing"/>.</summary>
    public static ValueTask<AwsError?> MergeAsync(Call call, DocumentKey key, IReadOnlyDictionary<string, string> attributes, AwsError? missing) =>
        ChangeAsync(call, key, (Dictionary<string, string>? kept, out Dictionary<string, string>? next) =>
        {
            next = kept;
            if (kept is null && missing is not null)
                return missing;
            next ??= new Dictionary<string, string>(StringComparer.Ordinal);
            foreach ((string name, string value) in attributes)
                next[name] = value;
            return null;
        });

    /// <summary>It is gone from here on; one that is not there is refused with <paramref name="missing"/>, or is no error.</summary>
    public static ValueTask<AwsError?> DeleteAsync(Call call, DocumentKey key, AwsError? missing = null) =>
        ChangeAsync(call, key, (Dictionary<string, string>? kept, out Dictionary<string, string>? next) =>
        {
            next = null;
            return kept is null ? missing : null;
        });

    public static DocumentKey Key(Call call, string kind, string name) => new(call.Account, call.Namespace, kind, name);

    public static DocumentKey Key(AccountId account, NamespaceName space, string kind, string name) => new(account, space, kind, name);
}
