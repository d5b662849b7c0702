namespace Messaging.Sdk.Tests.Interop;

/// <summary>One workspace for all tests of TypeScript over gRPC: to generate and to compile takes most of the time.</summary>
[CollectionDefinition(nameof(NodeCollection))]
public sealed class NodeCollection : ICollectionFixture<NodeWorkspace>;
