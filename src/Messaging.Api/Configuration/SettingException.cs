namespace Messaging.Api.Configuration;

/// <summary>A setting with which the server does not start. The message is all that the operator sees, in one line.</summary>
internal sealed class SettingException(string message) : Exception(message);
