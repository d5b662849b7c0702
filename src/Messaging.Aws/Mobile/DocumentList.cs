using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
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
        (AwsError? refused, DocumentPage? page) = await DocumentPages.ReadAsync(call, prefix, NextToken, "NextToken");
        if (refused is not null)
            return refused;
        foreach (Document document in page!.Documents)
            _items.Add((arnOf(prefix with { Name = document.Name }), AttributeDocument.Parse(document.Text)));
        _next = page.NextPageToken;
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
