using System.Text.Json;
using static System.FormattableString;

namespace Messaging.Benchmarks.Measuring;

/// <summary>Prints results as they come, and writes them all as JSON at the end.</summary>
internal sealed class Report(Conditions conditions)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly List<RowResult> _results = [];

    public void Begin() => Console.WriteLine(conditions.ToString());

    public void Add(RowResult result)
    {
        _results.Add(result);
        string unit = result.Unit.Length == 0 ? "" : " " + result.Unit;
        Console.WriteLine(Invariant($"{result.Name}: {result.Median:G3}{unit} ({result.Minimum:G3} to {result.Maximum:G3}, {result.Values.Length} times){Verdict(result)}"));
        foreach (Side side in result.Sides)
        {
            string latencies = side.P50Microseconds > 0 ? Invariant($"   p50 {side.P50Microseconds,9:N0} us   p99 {side.P99Microseconds,9:N0} us") : "";
            Console.WriteLine(Invariant($"    {side.Name,-34} {RowResult.MedianOf(side.Figures),14:N1} {side.Unit,-10}{latencies}"));
        }

        foreach (string note in result.Notes)
        {
            Console.WriteLine("    " + note);
        }
    }

    public void Write(string path) =>
        File.WriteAllText(path, JsonSerializer.Serialize(new { Conditions = conditions, Results = _results }, Json) + "\n");

    private static string Verdict(RowResult result) => result.Goal is { Floor: { } floor, Aim: { } aim }
        ? Invariant($"; {result.Goal.Direction} {floor:G3}: {Word(result.FloorIsMet)}; aim {aim:G3}: {Word(result.AimIsMet)}")
        : "; for information";

    private static string Word(bool? isMet) => isMet == true ? "met" : "NOT MET";
}
