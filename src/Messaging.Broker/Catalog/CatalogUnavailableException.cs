namespace Messaging.Broker.Catalog;

/// <summary>The truth can't be reached, or does not answer. The message says why, in one line and without a secret.</summary>
public sealed class CatalogUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
