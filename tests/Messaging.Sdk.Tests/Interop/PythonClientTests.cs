namespace Messaging.Sdk.Tests.Interop;

/// <summary>grpcio of Python, over the core in C.</summary>
[Collection(nameof(PythonCollection))]
[Requires(PythonWorkspace.Requirement)]
public sealed class PythonClientTests(PythonWorkspace workspace) : ScriptedClientTests(workspace);
