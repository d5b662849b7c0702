using System.Text.Json.Serialization;

namespace Messaging.Benchmarks.Measuring;

/// <summary>One judged figure of a row: the values of all pairs or runs, and how their median stands to floor and aim.</summary>
internal sealed record RowResult
{
    public required string Name { get; init; }

    public required Goal Goal { get; init; }

    /// <summary>Of <see cref="Values"/>: "" for a ratio.</summary>
    public string Unit { get; init; } = "";

    /// <summary>One per pair or run, in their order.</summary>
    public required double[] Values { get; init; }

    public Side[] Sides { get; init; } = [];

    public string[] Notes { get; init; } = [];

    public double Median => MedianOf(Values);

    public double Minimum => Values.Min();

    public double Maximum => Values.Max();

    public bool? FloorIsMet => Goal.Floor is { } floor ? Goal.IsMet(Median, floor) : null;

    public bool? AimIsMet => Goal.Aim is { } aim ? Goal.IsMet(Median, aim) : null;

    public static double MedianOf(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

/// <summary>What a row must reach and what it should; without both it only informs.</summary>
internal sealed record Goal(double? Floor, double? Aim, [property: JsonIgnore] bool LessIsBetter)
{
    public static readonly Goal None = new(null, null, false);

    public string Direction => LessIsBetter ? "at most" : "at least";

    public static Goal AtLeast(double floor, double aim) => new(floor, aim, false);

    public static Goal AtMost(double floor, double aim) => new(floor, aim, true);

    public bool IsMet(double value, double bound) => LessIsBetter ? value <= bound : value >= bound;
}

/// <summary>One side's own figures, one per pair, and its latencies over all pairs in microseconds (zero: none).</summary>
internal sealed record Side(string Name, string Unit, double[] Figures, double P50Microseconds, double P99Microseconds);
