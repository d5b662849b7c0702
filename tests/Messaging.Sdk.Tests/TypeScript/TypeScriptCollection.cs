namespace Messaging.Sdk.Tests.TypeScript;

/// <summary>One workspace for all tests of TypeScript: to generate and to compile is what takes most of a small machine's time.</summary>
[CollectionDefinition(nameof(TypeScriptCollection))]
public sealed class TypeScriptCollection : ICollectionFixture<TypeScriptWorkspace>;
