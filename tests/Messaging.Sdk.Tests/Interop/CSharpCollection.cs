namespace Messaging.Sdk.Tests.Interop;

/// <summary>One workspace for all tests of C# over gRPC: to generate and to compile takes most of the time.</summary>
[CollectionDefinition(nameof(CSharpCollection))]
public sealed class CSharpCollection : ICollectionFixture<CSharpWorkspace>;
