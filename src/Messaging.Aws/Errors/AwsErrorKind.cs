namespace Messaging.Aws.Errors;

/// <summary>
/// The names of one error: its <c>__type</c> in JSON, its code in Query (and in the header <c>x-amzn-query-error</c> of JSON), and both statuses.
/// </summary>
internal readonly record struct AwsErrorKind(string JsonType, string QueryCode, int JsonStatus, int QueryStatus)
{
    private const int ServerFault = 500;

    /// <summary>Whose fault it is, as both protocols say it.</summary>
    public string Fault => QueryStatus >= ServerFault ? "Receiver" : "Sender";
}
