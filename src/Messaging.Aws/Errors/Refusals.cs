using System.Globalization;

namespace Messaging.Aws.Errors;

/// <summary>The texts of refusals that several operations have, as Amazon SQS says them.</summary>
internal static class Refusals
{
    public static readonly AwsError NoQueue = new(AwsErrorCode.QueueDoesNotExist, "The specified queue does not exist.")
    {
        QueryMessage = "The specified queue does not exist for this wsdl version.",
    };

    public static AwsError Missing(string parameter) => new(AwsErrorCode.MissingParameter, $"The request must contain the parameter {parameter}.");

    public static AwsError Invalid(string message) => new(AwsErrorCode.InvalidParameterValue, message);

    public static AwsError Invalid(string parameter, string value, string reason) =>
        Invalid($"Value {Shown(value)} for parameter {parameter} is invalid. Reason: {reason}");

    /// <summary>A client's own text as an error repeats it.</summary>
    public static string Shown(string text) => text.Length <= AwsLimits.EchoCharactersMax ? text : text[..AwsLimits.EchoCharactersMax] + "...";

    public static AwsError NotOfThisType(string parameter, string value) =>
        Invalid(parameter, value, "The request include parameter that is not valid for this queue type.");

    /// <summary>Null where the value is in its range, or not given.</summary>
    public static AwsError? Range(string parameter, int? value, int min, int max) => value is { } given && (given < min || given > max)
        ? Invalid(parameter, given.ToString(CultureInfo.InvariantCulture), $"Must be >= {min} and <= {max}, if provided.")
        : null;
}
