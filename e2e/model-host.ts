import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A host of files as other people's are: another origin, which lets every page read, and asks for no preflight. */
export interface ModelHost {
  origin: string;
  /** 'GET /tiny.gguf bytes=0-', in order. */
  requests: string[];
  /** Sends no more than so many bytes of the file, and leaves the connections as they are, until it is told otherwise. */
  stopAt(bytes: number | undefined): void;
  /** Breaks every connection. */
  cut(): void;
  close(): Promise<void>;
}

/** `files` by path; a text is an address to send on to. */
export async function startModelHost(files: Record<string, Uint8Array | string>): Promise<ModelHost> {
  const requests: string[] = [];
  let stop: number | undefined;
  const server = createServer(({ method, url = '', headers: { range = '' } }, response) => {
    requests.push(`${method} ${url} ${range}`.trim());
    const file = files[url];
    if (typeof file === 'string') {
      return response.writeHead(302, { 'Access-Control-Allow-Origin': '*', Location: file }).end();
    }
    if (method !== 'GET' || !file)
      return response.writeHead(404, { 'Access-Control-Allow-Origin': '*' }).end();
    const from = Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0);
    // Of these a page may read the length alone, for nothing is exposed.
    response.writeHead(206, {
      'Access-Control-Allow-Origin': '*',
      'Content-Range': `bytes ${from}-${file.length - 1}/${file.length}`,
      'Content-Length': file.length - from,
      ETag: '"1"',
    });
    if (stop === undefined) response.end(file.subarray(from));
    else response.write(file.subarray(from, Math.max(from, stop)));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stopAt(bytes) {
      stop = bytes;
    },
    cut: () => server.closeAllConnections(),
    close: () => new Promise(resolve => server.close(() => resolve()).closeAllConnections()),
  };
}
