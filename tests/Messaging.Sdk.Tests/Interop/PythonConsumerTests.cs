namespace Messaging.Sdk.Tests.Interop;

/// <summary>The consumer of docs/examples/python-grpc.</summary>
[Collection(nameof(PythonCollection))]
[Requires(PythonWorkspace.Requirement)]
public sealed class PythonConsumerTests(PythonWorkspace workspace) : GrpcConsumerTests(workspace);
