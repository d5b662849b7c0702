// How the client is generated: npx openapi-ts
const server = process.env.MESSAGING_URL ?? 'http://127.0.0.1:8080';

export default {
  input: `${server}/openapi.yaml`,
  // Node.js finds a module by its whole name only.
  output: { path: 'generated', module: { extension: '.js' } },
};
