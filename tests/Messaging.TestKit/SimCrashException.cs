namespace Messaging.TestKit;

/// <summary>The simulated machine has lost its power: every call from here on throws this, until <see cref="SimDisk.Crash"/> starts it again.</summary>
public sealed class SimCrashException(string message) : Exception(message);
