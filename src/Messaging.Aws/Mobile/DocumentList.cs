using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Mobile;

/// <summary>One page of a list of things with an ARN and attributes, and the token of the next. Owned by one call.</summary>
internal sealed class DocumentList
{
    private readonly List<(string Arn, Dictionary<string, string> Attributes)> _items = [];
    private string? _next;

    public string NextToken = "";

    /// <summary>Null where the page is here.</summary>
    public async ValueTask<AwsError?> TakeAsync(Call call, DocumentKey prefix, Func<DocumentKey, string> arnOf)
    {
        if (!DocumentToken.TryRead(NextToken, out string? after))
            return SnsRefusals.Invalid("NextToken");
        Result<DocumentPage> page = await call.Broker.Documents.ListAsync(prefix, after, SnsLimits.PageSize, call.Http.RequestAborted);
        if (!page.IsOk)
            return SnsRefusals.Of(page.Error);
        foreach (Document document in page.Value.Documents)
            _items.Add((arnOf(prefix with { Name = document.Name }), AttributeDocument.Parse(document.Text)));
        _next = page.Value.HasMore ? DocumentToken.Of(page.Value.Documents[^1].Name) : null;
        return null;
    }

    public void Write(IAnswer answer, ReadOnlySpan<byte> list, ReadOnlySpan<byte> arn)
    {
        answer.BeginList(list, "member"u8);
        foreach ((string name, Dictionary<string, string> attributes) in _items)
        {
            answer.BeginItem();
            answer.Text(arn, XmlText.Legal(name));
            MemberText.WriteMap(answer, "Attributes"u8, PlatformApplication.Shown(attributes));
            answer.EndItem();
        }
        answer.EndList();
        if (_next is not null)
            answer.Text("NextToken"u8, XmlText.Legal(_next));
    }
}
