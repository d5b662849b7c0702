namespace Messaging.Aws.Http;

/// <summary>One service of AWS, as this front serves it. There are three of them; compared by reference.</summary>
/// <param name="Name">In a signature's scope, and in front of a host's name.</param>
/// <param name="Version">The parameter Version of its Query protocol.</param>
/// <param name="XmlNamespace">Of its answers in XML.</param>
internal sealed record AwsService(string Name, string Version, string XmlNamespace)
{
    public static AwsService Sqs { get; } = new("sqs", "2012-11-05", "http://queue.amazonaws.com/doc/2012-11-05/");

    public static AwsService Sns { get; } = new("sns", "2010-03-31", "http://sns.amazonaws.com/doc/2010-03-31/") { IsWrapped = true };

    public static AwsService Sts { get; } = new("sts", "2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/");

    public static IReadOnlyList<AwsService> All { get; } = [Sqs, Sns, Sts];

    /// <summary>In its Query protocol lists and maps stand in an element of their own, with items called "member" and entries called "entry"; else their items stand bare.</summary>
    public bool IsWrapped { get; init; }

    /// <summary>By the parameter Version; null for another one.</summary>
    public static AwsService? OfVersion(string? version)
    {
        foreach (AwsService service in All)
        {
            if (service.Version == version)
                return service;
        }
        return null;
    }
}
