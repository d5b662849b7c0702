namespace Messaging.TestKit.Contracts;

/// <summary>A member as a service model of AWS has it, in the words of <see cref="AwsMember"/>. A value.</summary>
/// <param name="Name">In JSON.</param>
/// <param name="Type">"string", "list of Message", "map of string".</param>
/// <param name="IsRequired">It must be there.</param>
/// <param name="QueryName">Of meaning in a model of the Query protocol only.</param>
public sealed record AwsModelMember(string Name, string Type, bool IsRequired, string QueryName);
