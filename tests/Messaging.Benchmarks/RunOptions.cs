using System.Globalization;

namespace Messaging.Benchmarks;

/// <summary>What the command line asks for. The defaults measure every row of the table.</summary>
internal sealed record RunOptions
{
    public const string Usage = "[rows...] [--pairs N] [--seconds S] [--messages N] [--queues N] [--gigabytes N] [--json file] [--data folder] [--list]";

    public List<string> Rows { get; } = [];

    /// <summary>Pairs of a row, or runs where there is nothing to pair.</summary>
    public int Pairs { get; private set; } = 5;

    /// <summary>Of one side of one pair.</summary>
    public double Seconds { get; private set; } = 3;

    /// <summary>The backlog of the rows that have one.</summary>
    public long Messages { get; private set; } = 10_000_000;

    public int Queues { get; private set; } = 10_000;

    /// <summary>Of old records, that are read while others are published.</summary>
    public int Gigabytes { get; private set; } = 2;

    public string? JsonPath { get; private set; }

    /// <summary>The parent of the temporary folder: on a disk, not in memory.</summary>
    public string DataParent { get; private set; } = Environment.CurrentDirectory;

    public bool List { get; private set; }

    public static RunOptions Parse(string[] arguments)
    {
        var options = new RunOptions();
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out string? argument))
        {
            switch (argument)
            {
                case "--pairs": options.Pairs = int.Parse(Value(argument, rest), CultureInfo.InvariantCulture); break;
                case "--seconds": options.Seconds = double.Parse(Value(argument, rest), CultureInfo.InvariantCulture); break;
                case "--messages": options.Messages = long.Parse(Value(argument, rest), CultureInfo.InvariantCulture); break;
                case "--queues": options.Queues = int.Parse(Value(argument, rest), CultureInfo.InvariantCulture); break;
                case "--gigabytes": options.Gigabytes = int.Parse(Value(argument, rest), CultureInfo.InvariantCulture); break;
                case "--json": options.JsonPath = Value(argument, rest); break;
                case "--data": options.DataParent = Value(argument, rest); break;
                case "--list": options.List = true; break;
                case ['-', ..]: throw new ArgumentException($"{argument} is not known: {Usage}");
                default: options.Rows.Add(argument); break;
            }
        }

        return options;
    }

    private static string Value(string option, Queue<string> rest) =>
        rest.TryDequeue(out string? value) ? value : throw new ArgumentException($"{option} has a value: {Usage}");
}
