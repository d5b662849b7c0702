namespace Messaging.Api.Hosting;

/// <summary>What a browser finds at the root.</summary>
internal static class Home
{
    public static Task ShowAsync(HttpContext context)
    {
        context.Response.Redirect("/swagger");
        return Task.CompletedTask;
    }
}
