using System.Text.RegularExpressions;

namespace Messaging.Aws.Sms;

/// <summary>Telephone numbers (ITU-T E.164), with single hyphens between digits, as Amazon SNS takes them. Pure.</summary>
internal static partial class PhoneNumber
{
    public static bool IsLegal(string text) => text.Length <= SnsLimits.PhoneCharactersMax && Pattern().IsMatch(text);

    /// <summary>One of the form that the service tells: with a plus and digits only.</summary>
    public static bool IsPlain(string text) => text.Length <= SnsLimits.PhoneCharactersMax && Plain().IsMatch(text);

    [GeneratedRegex(@"^\+?[0-9](-?[0-9]){3,}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"^\+[1-9][0-9]{3,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
