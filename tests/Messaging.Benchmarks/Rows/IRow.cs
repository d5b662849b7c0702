using Messaging.Benchmarks.Measuring;

namespace Messaging.Benchmarks.Rows;

/// <summary>One row of the table: sets its two sides up, measures, and gives one result or several.</summary>
internal interface IRow
{
    string Name { get; }

    /// <summary>One line for --list.</summary>
    string Summary { get; }

    IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data);
}
