namespace Messaging.Sdk.Tests.Interop;

/// <summary>One workspace for all tests of Python over gRPC: to generate and to compile takes most of the time.</summary>
[CollectionDefinition(nameof(PythonCollection))]
public sealed class PythonCollection : ICollectionFixture<PythonWorkspace>;
