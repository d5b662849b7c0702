namespace Messaging.Storage;

// Stands here until the first real type arrives, so that the assembly is not empty.
internal static class Placeholder;
