using System.Globalization;
using Messaging.Aws;

namespace Messaging.Api.Configuration;

/// <summary>Reads the section "Messaging:Aws".</summary>
internal static class AwsFrontSettings
{
    private const string Region = "Messaging:Aws:Region";
    private const string NameCoolDownSeconds = "Messaging:Aws:NameCoolDownSeconds";
    private const int RegionCharactersMax = 64;
    private const int CoolDownSecondsMax = 3_600;

    public static readonly string[] Known = [Region, NameCoolDownSeconds];

    public static AwsSettings Read(IConfiguration configuration)
    {
        var defaults = new AwsSettings();
        return new AwsSettings
        {
            Region = ReadRegion(configuration[Region] ?? defaults.Region),
            NameCoolDownSeconds = ReadSeconds(configuration[NameCoolDownSeconds], defaults.NameCoolDownSeconds),
        };
    }

    private static string ReadRegion(string value) =>
        value.Length is > 0 and <= RegionCharactersMax && value.All(static one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one == '-')
            ? value
            : throw new SettingException($"{Region} must be a region such as us-east-1, of lower-case letters, digits and hyphens, not '{value}'.");

    private static int ReadSeconds(string? value, int fallback)
    {
        if (value is null)
            return fallback;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds <= CoolDownSecondsMax
            ? seconds
            : throw new SettingException($"{NameCoolDownSeconds} must be a number from 0 to {CoolDownSecondsMax}, not '{value}'.");
    }
}
