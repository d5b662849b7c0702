namespace Messaging.Sdk.Tests.Interop;

/// <summary>The consumer of docs/examples/typescript-grpc.</summary>
[Collection(nameof(NodeCollection))]
[Requires(NodeWorkspace.Requirement)]
public sealed class NodeConsumerTests(NodeWorkspace workspace) : GrpcConsumerTests(workspace);
