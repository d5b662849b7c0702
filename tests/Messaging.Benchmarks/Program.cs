using System.Diagnostics;

// Stands here until the first benchmark arrives.
var started = Stopwatch.GetTimestamp();
Console.WriteLine($"No benchmark yet; saying so took {Stopwatch.GetElapsedTime(started).TotalMicroseconds:F0} us.");
