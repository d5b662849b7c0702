namespace Messaging.TestKit;

/// <summary>The calls of a <see cref="SimDisk"/> that change what is on it, or what of it is durable: those that are counted and can be made to fail.</summary>
public enum SimCall
{
    /// <summary>Opening a file that was not there.</summary>
    Create,
    Write,
    DataSync,
    SetLength,
    Allocate,
    Rename,
    Link,
    Delete,
    CreateFolder,
    SyncFolder,
}
