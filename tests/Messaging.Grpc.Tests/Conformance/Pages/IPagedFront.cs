namespace Messaging.Grpc.Tests.Conformance.Pages;

/// <summary>
/// What fronts tell by pages, in words that belong to none of them: an outcome is "" for a page, else the broker's code. One for each front, and for the queue and the topic whose own lists it asks for; thread-safe.
/// </summary>
internal interface IPagedFront
{
    /// <summary>What it lists: "queues", "topics", "groups", "operations", "messages" of the queue, and so on.</summary>
    string[] Lists { get; }

    /// <summary>A page of one entry, or as short as the front has them: the first one, or that of a token; and the token of what follows.</summary>
    Task<(string Outcome, string? Next)> PageAsync(string list, string? token = null);
}
