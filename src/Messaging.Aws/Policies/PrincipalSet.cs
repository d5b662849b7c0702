using Messaging.Broker.Names;

namespace Messaging.Aws.Policies;

/// <summary>
/// Who a statement is about: everybody, accounts, single access keys (users by the name of their id) and services. Roles and other principals of IAM are
/// legal and nobody here. Immutable; hot path.
/// Source: IAM User Guide, "AWS JSON policy elements: Principal".
/// </summary>
internal sealed class PrincipalSet
{
    private const string Root = "root";
    private const string User = "user/";

    private readonly List<AccountId> _accounts = [];
    private readonly List<(AccountId Account, string Name)> _users = [];
    private readonly List<string> _services = [];
    private bool _isEverybody;

    /// <summary>Of a parsed policy: it does not change any more.</summary>
    public bool Contains(in PolicyRequest request)
    {
        if (_isEverybody)
            return true;
        if (request.Context.Service is { } service)
            return _services.Contains(service);
        if (request.Caller.IsAnonymous)
            return false;
        if (_accounts.Contains(request.Caller.Account))
            return true;
        foreach ((AccountId account, string name) in _users)
        {
            if (account == request.Caller.Account && name == request.Caller.AccessKeyId)
                return true;
        }
        return false;
    }

    /// <summary>Takes one in while the policy is parsed; false for what is no principal of this kind.</summary>
    public bool TryAdd(string kind, string value)
    {
        switch (kind)
        {
            case "AWS":
                return TryAddAws(value);
            case "Service":
                _services.Add(value);
                return value.Contains('.', StringComparison.Ordinal) && !value.AsSpan().ContainsAny(" *?");
            case "Federated" or "CanonicalUser":
                return value.Length > 0;
            default:
                return false;
        }
    }

    public void AddEverybody() => _isEverybody = true;

    private bool TryAddAws(string value)
    {
        if (value == "*")
        {
            _isEverybody = true;
            return true;
        }
        if (AccountId.TryParse(value, out AccountId account))
        {
            _accounts.Add(account);
            return true;
        }
        // arn:aws:iam::111122223333:user/name
        string[] parts = value.Split(':', 6);
        if (parts.Length != 6 || parts[0] != "arn" || parts[1].Length == 0 || parts[3].Length != 0 || !AccountId.TryParse(parts[4], out account))
            return false;
        // A star in it would be one that AWS takes for no wildcard.
        if (parts[2] is not ("iam" or "sts") || parts[5].Length == 0 || parts[5].AsSpan().ContainsAny('*', '?'))
            return false;
        if (parts[2] == "iam" && parts[5] == Root)
            _accounts.Add(account);
        else if (parts[2] == "iam" && parts[5].StartsWith(User, StringComparison.Ordinal))
            _users.Add((account, parts[5][User.Length..]));
        return true;
    }
}
