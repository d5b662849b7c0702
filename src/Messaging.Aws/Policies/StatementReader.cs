using System.Text.Json;

namespace Messaging.Aws.Policies;

/// <summary>Gathers the members of one statement, in any order. One for each statement, used by one thread.</summary>
internal sealed class StatementReader(PolicyActions known, bool hasVariables)
{
    private const string ArnPrefix = "arn:";

    private readonly List<PolicyCondition> _conditions = [];
    private readonly List<TextPattern> _resources = [];
    private readonly PrincipalSet _principals = new();
    private string? _sid;
    private bool? _isDeny;
    private bool? _isNotPrincipal;
    private bool? _isNotAction;
    private bool? _isNotResource;
    private uint _actions;

    /// <summary>Null, or why the member is none.</summary>
    public string? Read(JsonProperty member) => member.Name switch
    {
        "Sid" => ReadSid(member.Value),
        "Effect" => ReadEffect(member.Value),
        "Principal" or "NotPrincipal" => ReadOnce(ref _isNotPrincipal, member) ?? ReadPrincipals(member.Value),
        "Action" or "NotAction" => ReadOnce(ref _isNotAction, member) ?? ReadActions(member.Value),
        "Resource" or "NotResource" => ReadOnce(ref _isNotResource, member) ?? ReadResources(member.Value),
        "Condition" => ReadConditions(member.Value),
        _ => $"A statement has no '{member.Name}'.",
    };

    /// <summary>Null with the statement, or what it lacks.</summary>
    public string? Finish(out PolicyStatement? statement)
    {
        statement = null;
        if (_isDeny is not { } isDeny)
            return "A statement has an Effect.";
        if (_isNotPrincipal is not { } isNotPrincipal)
            return "A statement has a Principal.";
        if (_isNotAction is not { } isNotAction)
            return "A statement has an Action.";
        if (_isNotResource is not { } isNotResource)
            return "A statement has a Resource.";
        statement = new PolicyStatement
        {
            Sid = _sid,
            IsDeny = isDeny,
            Principals = _principals,
            IsNotPrincipal = isNotPrincipal,
            Actions = isNotAction ? ~_actions : _actions,
            Resources = [.. _resources],
            IsNotResource = isNotResource,
            Conditions = [.. _conditions],
        };
        return null;
    }

    private static string? ReadOnce(ref bool? isNot, JsonProperty member)
    {
        if (isNot is not null)
            return $"'{member.Name}' stands beside its opposite.";
        isNot = member.Name.StartsWith("Not", StringComparison.Ordinal);
        return null;
    }

    private string? ReadSid(JsonElement value)
    {
        _sid = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return _sid is null ? "A Sid is a string." : null;
    }

    private string? ReadEffect(JsonElement value)
    {
        string? effect = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        _isDeny = effect == "Deny";
        return effect is "Allow" or "Deny" ? null : "An Effect is Allow or Deny.";
    }

    private string? ReadPrincipals(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            _principals.AddEverybody();
            return value.ValueEquals("*"u8) ? null : "A Principal is \"*\" or an object.";
        }
        if (value.ValueKind != JsonValueKind.Object)
            return "A Principal is \"*\" or an object.";
        int count = 0;
        foreach (JsonProperty kind in value.EnumerateObject())
        {
            if (JsonTexts.Read(kind.Value) is not { } names)
                return "A Principal is a string or a list of strings.";
            foreach (string name in names)
            {
                if (!_principals.TryAdd(kind.Name, name))
                    return $"'{name}' is no principal.";
            }
            count += names.Length;
        }
        return count is >= 1 and <= AwsLimits.PolicyPrincipalsMax ? null : $"A statement has 1 to {AwsLimits.PolicyPrincipalsMax} principals.";
    }

    private string? ReadActions(JsonElement value)
    {
        if (JsonTexts.Read(value) is not { Length: > 0 } actions || actions.Length > known.PerStatementMax)
            return $"An Action is a string or a list of 1 to {known.PerStatementMax} strings.";
        foreach (string action in actions)
        {
            bool isAny = action == "*";
            if ((!isAny && !action.StartsWith(known.Prefix, StringComparison.OrdinalIgnoreCase)) || action.Length == known.Prefix.Length || Wildcard.HasMarks(action))
                return $"'{action}' is no action here.";
            // All bits and not all that have names, so that nothing is beside "*".
            _actions |= isAny ? PolicyActions.All : known.Matching(Wildcard.Mark(action[known.Prefix.Length..]));
        }
        return null;
    }

    private string? ReadResources(JsonElement value)
    {
        if (JsonTexts.Read(value) is not { Length: > 0 } resources)
            return "A Resource is a string or a list of strings.";
        foreach (string resource in resources)
        {
            bool isLegal = resource == "*" || resource.StartsWith(ArnPrefix, StringComparison.Ordinal);
            if (!isLegal || !TextPattern.TryParse(resource, hasStars: true, hasVariables, out TextPattern pattern))
                return $"'{resource}' is no ARN.";
            _resources.Add(pattern);
        }
        return null;
    }

    private string? ReadConditions(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return "A Condition is an object.";
        foreach (JsonProperty operation in value.EnumerateObject())
        {
            if (!ConditionOperator.TryParse(operation.Name, out ConditionOperator conditionOperator) || operation.Value.ValueKind != JsonValueKind.Object)
                return $"'{operation.Name}' is no operator with its keys.";
            foreach (JsonProperty key in operation.Value.EnumerateObject())
            {
                if (!key.Name.Contains(':', StringComparison.Ordinal) || JsonTexts.Read(key.Value, takesLiterals: true) is not { Length: > 0 } values)
                    return $"'{key.Name}' is no key with its values.";
                if (PolicyCondition.Parse(conditionOperator, key.Name, values, hasVariables) is not { } condition)
                    return $"A value of '{key.Name}' is not one for '{operation.Name}'.";
                _conditions.Add(condition);
            }
        }
        return _conditions.Count <= AwsLimits.PolicyConditionsMax ? null : $"A statement has at most {AwsLimits.PolicyConditionsMax} conditions.";
    }
}
