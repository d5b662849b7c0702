using Messaging.Api.Configuration;

namespace Messaging.Api.Commands;

/// <summary>The words of a command on keys: a few of its own, and settings as for serving, out of the same places.</summary>
internal sealed class KeysWords
{
    private readonly Dictionary<string, string> _own;

    private KeysWords(Dictionary<string, string> own, ServerOptions options) => (_own, Options) = (own, options);

    public ServerOptions Options { get; }

    /// <summary>The value of <c>--name=value</c> or <c>--name value</c>; null where it is not there.</summary>
    public string? Own(string name) => _own.GetValueOrDefault(name);

    /// <exception cref="SettingException">A word is neither.</exception>
    public static KeysWords Read(string[] words, params string[] ownNames)
    {
        var own = new Dictionary<string, string>(StringComparer.Ordinal);
        var settings = new List<string>();
        for (int index = 0; index < words.Length; index++)
        {
            string[] parts = words[index].Split('=', 2);
            string? name = ownNames.FirstOrDefault(name => parts[0] == $"--{name}");
            if (name is null)
                settings.Add(words[index]);
            else if (!own.TryAdd(name, parts.Length > 1 ? parts[1] : words.ElementAtOrDefault(++index) ?? throw new SettingException($"--{name} has no value.")))
                throw new SettingException($"--{name} stands there twice.");
        }
        string[] rest = [.. settings];
        if (CommandLine.Refuse(rest) is { } wrong)
            throw new SettingException(wrong);
        return new KeysWords(own, ServerSettings.ReadAlone(rest));
    }
}
