/** A request as it crosses workers and sockets: bodies whole. */
export interface WireRequest {
  method: string;
  url: string;
  headers: [string, string][];
  body?: ArrayBuffer;
}

export interface WireResponse {
  status: number;
  headers: [string, string][];
  body: ArrayBuffer;
}

/** Reads a request's body and makes it fit for postMessage. */
export async function requestToWire(request: Request): Promise<WireRequest> {
  const { method, url, headers } = request;
  const wire: WireRequest = { method, url, headers: [...headers] };
  if (method === 'GET' || method === 'HEAD') return wire;
  return { ...wire, body: await request.arrayBuffer() };
}

export function requestFromWire({ method, url, headers, body }: WireRequest, signal: AbortSignal): Request {
  return new Request(url, { method, headers, signal, ...(body ? { body } : {}) });
}

export async function responseToWire(response: Response): Promise<WireResponse> {
  return { status: response.status, headers: [...response.headers], body: await response.arrayBuffer() };
}

export function responseFromWire({ status, headers, body }: WireResponse): Response {
  return new Response(body, { status, headers });
}
