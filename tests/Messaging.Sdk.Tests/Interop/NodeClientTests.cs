namespace Messaging.Sdk.Tests.Interop;

/// <summary>grpc-js of Node.js, with what ts-proto generates.</summary>
[Collection(nameof(NodeCollection))]
[Requires(NodeWorkspace.Requirement)]
public sealed class NodeClientTests(NodeWorkspace workspace) : ScriptedClientTests(workspace);
