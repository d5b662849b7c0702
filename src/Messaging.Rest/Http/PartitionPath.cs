using System.Globalization;
using Messaging.Rest.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Messaging.Rest.Http;

/// <summary>The partition's number out of the path. Whether the topic has it is the broker's to say.</summary>
internal static class PartitionPath
{
    public const string RouteValue = "partition";

    public static readonly Problem NotANumber = Problem.Invalid(RouteValue, "Must be the number of a partition: 0 or more, without a sign.");

    public static Problem? Read(HttpContext context, out int partition) =>
        int.TryParse((string)context.GetRouteValue(RouteValue)!, NumberStyles.None, CultureInfo.InvariantCulture, out partition) ? null : NotANumber;
}
