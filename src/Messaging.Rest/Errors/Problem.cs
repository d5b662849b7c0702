using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Names;

namespace Messaging.Rest.Errors;

/// <summary>
/// A refusal as clients see it (RFC 9457): its kind, a sentence for a human, and the place in the request that it is about, where there is
/// one.
/// </summary>
internal sealed record Problem(ProblemKind Kind, string Detail, string? Field = null)
{
    /// <summary>A URN and not a URL: it names the problem for ever and promises no page.</summary>
    private const string TypePrefix = "urn:messaging:problem:";

    public static Problem Of(ErrorCode code, string detail, string? field = null) => new(ProblemTable.Of(code), detail, field);

    public static Problem Of(FrontCode code, string detail, string? field = null) => new(ProblemTable.Of(code), detail, field);

    public static Problem Of(BrokerError error) => new(ProblemTable.Of(error.Code), error.Detail, error.Field);

    /// <summary>Of a call on a queue. A queue that is missing is often looked for in the wrong namespace.</summary>
    public static Problem Of(BrokerError error, in QueueKey queue) => error.Code == ErrorCode.QueueNotFound && queue.Namespace != NamespaceName.Default
        ? Of(ErrorCode.QueueNotFound, $"There is no queue \"{queue.Name}\" in the namespace \"{queue.Namespace}\".")
        : Of(error);

    /// <summary>Of a call on a topic, by the same rule.</summary>
    public static Problem Of(BrokerError error, in TopicKey topic) => error.Code == ErrorCode.TopicNotFound && topic.Namespace != NamespaceName.Default
        ? Of(ErrorCode.TopicNotFound, $"There is no topic \"{topic.Name}\" in the namespace \"{topic.Namespace}\".")
        : Of(error);

    /// <summary>
    /// Of one entry. The broker counts the entries that it was given; the client counts those that it sent, and its <paramref
    /// name="place"/> takes that of the broker. A field that names no entry is the call's.
    /// </summary>
    public static Problem OfEntry(BrokerError error, string place)
    {
        string field = error.Field ?? "";
        int entryEnd = field.IndexOf(']', StringComparison.Ordinal) + 1;
        return new Problem(ProblemTable.Of(error.Code), error.Detail, field.Length > 0 && entryEnd == 0 ? field : place + field[entryEnd..]);
    }

    public static Problem Invalid(string field, string detail) => Of(ErrorCode.InvalidValue, detail, field);

    public static Problem NotSupported(string detail, string? field = null) => Of(ErrorCode.NotSupported, detail, field);

    /// <summary>The same problem one level up: a parser names its own field, and who called it adds where that stands.</summary>
    public Problem Under(string place) => this with { Field = Field is null ? place : $"{place}.{Field}" };

    /// <summary>The members of the problem document; the caller writes the object around them, and what else belongs in it.</summary>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("type"u8, TypePrefix + Kind.Code);
        writer.WriteString("title"u8, Kind.Title);
        writer.WriteNumber("status"u8, Kind.Status);
        WriteEntryMembers(writer);
    }

    /// <summary>The shorter form of one failed entry in an answer about many.</summary>
    public void WriteEntryMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("code"u8, Kind.Code);
        writer.WriteString("detail"u8, Detail);
        if (Field is not null)
            writer.WriteString("field"u8, Field);
    }
}
