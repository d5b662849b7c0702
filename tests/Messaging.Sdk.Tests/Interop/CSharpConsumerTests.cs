namespace Messaging.Sdk.Tests.Interop;

/// <summary>The consumer of docs/examples/csharp-grpc.</summary>
[Collection(nameof(CSharpCollection))]
public sealed class CSharpConsumerTests(CSharpWorkspace workspace) : GrpcConsumerTests(workspace);
