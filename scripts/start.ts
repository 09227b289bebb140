import { buildIfStale, DIST } from './build.ts';
import { HOST, startServer } from './serve.ts';

const port = Number(process.env.PORT || 8080);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  fail(`PORT is ${process.env.PORT}: give a number from 0 to 65535.`);
}
await buildIfStale();
try {
  const server = await startServer({ dir: DIST, port });
  process.stdout.write(`Vecdrop is at ${server.origin}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'EADDRINUSE') fail(`The server could not start: ${message}`);
  fail(`${HOST}:${port} is in use. Stop what runs there, or choose another port: PORT=8081 npm start`);
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
