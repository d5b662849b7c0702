using System.Globalization;
using Messaging.Aws.Errors;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Queues;

/// <summary>
/// A definition on its way to another one, attribute by attribute. What the broker has no idea of stands in its annotations, under the attribute's name behind <see cref="Prefix"/>. Owned by one call.
/// </summary>
internal sealed class DefinitionDraft(QueueKey key, string region, QueueDefinition definition, bool isNew)
{
    private const string Prefix = "aws.";

    public QueueKey Key { get; } = key;

    public string Region { get; } = region;

    /// <summary>Whether the queue is about to be created: what can't change can be chosen.</summary>
    public bool IsNew { get; } = isNew;

    public QueueDefinition Definition { get; set; } = definition;

    public bool IsFifo => Definition.Type == QueueType.Fifo;

    /// <summary>Changes how a FIFO queue deduplicates.</summary>
    public void Deduplicate(Func<DeduplicationDefinition, DeduplicationDefinition> change) =>
        Definition = Definition with { Deduplication = change(Definition.Deduplication ?? DeduplicationDefinition.Default) };

    /// <summary>Keeps the attribute's text; null or empty: without it.</summary>
    public void Annotate(string attribute, string? value) => Definition = Annotated(Definition, attribute, value);

    public static QueueDefinition Annotated(QueueDefinition definition, string attribute, string? value)
    {
        var annotations = new Dictionary<string, string>(definition.Annotations, StringComparer.Ordinal);
        if (string.IsNullOrEmpty(value))
            annotations.Remove(Prefix + attribute);
        else
            annotations[Prefix + attribute] = value;
        return definition with { Annotations = annotations };
    }

    /// <summary>The attribute's text as it is kept, or null.</summary>
    public static string? Annotation(QueueDefinition definition, string attribute) => definition.Annotations.GetValueOrDefault(Prefix + attribute);

    /// <summary>The value of an attribute that is a number within a range.</summary>
    public static AwsError? ReadNumber(string attribute, string value, int min, int max, out int number) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && number >= min && number <= max ? null : Invalid(attribute);

    /// <summary>The value of an attribute that is true or false.</summary>
    public static AwsError? ReadBoolean(string attribute, string value, out bool flag)
    {
        flag = value.Equals("true", StringComparison.OrdinalIgnoreCase);
        return flag || value.Equals("false", StringComparison.OrdinalIgnoreCase) ? null : Invalid(attribute);
    }

    public static AwsError Invalid(string attribute, string? reason = null) =>
        new(AwsErrorCode.InvalidAttributeValue, $"Invalid value for the parameter {attribute}." + (reason is null ? "" : $" Reason: {reason}"));
}
