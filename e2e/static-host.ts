import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** A host as plain as they come: a folder under a path, no headers but types. */
export interface StaticHost {
  /** The page's address, with a slash at its end. */
  url: string;
  /** What was sent: 'GET models/….gguf'. */
  requests: string[];
  /** Bytes of bodies sent. */
  bytes(): number;
  close(): Promise<void>;
}

export async function startStaticHost(folder: string, path = '/'): Promise<StaticHost> {
  const requests: string[] = [];
  let bytes = 0;
  const server = createServer(async ({ method, url = '' }, response) => {
    const { pathname } = new URL(url, 'http://host');
    const file = normalize(pathname.slice(path.length) || 'index.html');
    const content = pathname.startsWith(path)
      ? await readFile(join(folder, file)).catch(() => {})
      : undefined;
    if (!content) return response.writeHead(404).end();
    requests.push(`${method} ${file}`);
    if (method === 'GET') bytes += content.length;
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
    response.end(method === 'GET' ? content : undefined);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    requests,
    bytes: () => bytes,
    close: () => new Promise(resolve => server.close(() => resolve()).closeAllConnections()),
  };
}
