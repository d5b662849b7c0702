using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Messaging.Grpc.Calls;
using Messaging.Http;

namespace Messaging.Grpc.Wire;

/// <summary>
/// The methods of a service as the hosting package is to call them: requests are bounded before they are parsed (<see cref="BoundedRequests"/>), and what a handler throws is told as <see cref="CallFaults"/> says. In the place of the package's own
/// discovery and its interceptors, of which each costs a call several tasks. Used at the start.
/// </summary>
/// <param name="service">What answers every call; thread-safe.</param>
/// <param name="bind">The generated method that names the service's methods.</param>
/// <param name="faults">Of all services.</param>
/// <param name="bodies">The bound of all bodies.</param>
internal sealed class ServiceMethods<TService>(TService service, Action<ServiceBinderBase, TService> bind, CallFaults faults, BufferBudget bodies) : IServiceMethodProvider<TService>
    where TService : class
{
    /// <inheritdoc/>
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<TService> context) => bind(new Binder(context, faults, bodies), service);

    private sealed class Binder(ServiceMethodProviderContext<TService> methods, CallFaults faults, BufferBudget bodies) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            methods.AddUnaryMethod(BoundedRequests.Of(method, bodies), [], async (_, request, context) =>
            {
                Begin(context);
                try
                {
                    return await handler!(request, context);
                }
                catch (Exception exception) when (exception is not RpcException)
                {
                    throw faults.Told(exception, context);
                }
            });

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            methods.AddServerStreamingMethod(BoundedRequests.Of(method, bodies), [], (_, request, responses, context) => RunAsync(() => handler!(request, responses, context), context));

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            methods.AddDuplexStreamingMethod(BoundedRequests.Of(method, bodies), [], (_, requests, responses, context) => RunAsync(() => handler!(new StreamRequests<TRequest>(requests), responses, context), context));

        private async Task RunAsync(Func<Task> stream, ServerCallContext context)
        {
            Begin(context);
            try
            {
                await stream();
            }
            catch (Exception exception) when (exception is not RpcException)
            {
                throw faults.Told(exception, context);
            }
        }

        private static void Begin(ServerCallContext context)
        {
            if (context.GetHttpContext().Request.BodyReader is BudgetedReader body)
                body.HasBegun = true;
        }
    }
}
