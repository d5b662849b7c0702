var builder = WebApplication.CreateSlimBuilder(args);
builder.Configuration["urls"] ??= "http://127.0.0.1:8080";

var app = builder.Build();
app.MapGet("/health/live", () => "live");

await app.RunAsync();
