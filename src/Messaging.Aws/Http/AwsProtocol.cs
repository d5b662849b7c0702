namespace Messaging.Aws.Http;

/// <summary>How a call came, and how it is answered.</summary>
internal enum AwsProtocol
{
    /// <summary>AWS JSON 1.0: the operation in a header, the body JSON.</summary>
    Json,

    /// <summary>Query: all in parameters, answered in XML.</summary>
    Query,

    /// <summary>Query, by a client that asked for JSON.</summary>
    QueryJson,
}
