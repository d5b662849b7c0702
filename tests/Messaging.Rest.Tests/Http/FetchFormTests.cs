using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Tests.Http;

public sealed class FetchFormTests
{
    [Theory]
    [InlineData("GET", null, nameof(FetchForm.Page))]
    [InlineData("GET", "*/*", nameof(FetchForm.Page))]
    [InlineData("GET", "application/json", nameof(FetchForm.Page))]
    [InlineData("GET", "Application/VND.messaging.record-batch", nameof(FetchForm.Batches))]
    [InlineData("GET", "text/event-stream", nameof(FetchForm.Events))]
    [InlineData("GET", "application/x-ndjson, */*;q=0.1", nameof(FetchForm.Lines))]
    [InlineData("HEAD", "application/x-ndjson", nameof(FetchForm.Page))]
    [InlineData("HEAD", "application/vnd.messaging.record-batch", nameof(FetchForm.Batches))]
    public void The_form_is_what_the_client_accepts(string method, string? accept, string form)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Headers.Accept = accept;

        Assert.Equal(form, FetchForms.Of(context.Request).ToString());
    }
}
