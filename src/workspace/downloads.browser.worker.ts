import { serve } from '../rpc/serve.ts';
import { putCollection } from '../store/collections.ts';
import { openDatabase } from '../store/database.ts';
import type { CollectionRecord } from '../store/schema.ts';
import { createDownloads, type Downloads } from './downloads.ts';
import type { HostGate } from './hosts.ts';
import { createModelMethods } from './model-methods.ts';
import { createModels } from './models.ts';

/** A file of a host that is made up, for what follows is a tab of a test. */
export interface HostFile {
  bytes: Uint8Array<ArrayBuffer>;
  /** What the listing says, where it is not the truth. */
  sha256?: string;
  listedBytes?: number;
  /** From there on nothing comes, and the connection stays. */
  holdAt?: number;
}

export const BASE = 'https://hub.test';

let files: Record<string, HostFile> = {};
let requests: string[] = [];

async function fetchFile(url: string, init: RequestInit = {}): Promise<Response> {
  const { pathname } = new URL(url);
  const range = new Headers(init.headers).get('Range') ?? '';
  requests.push(`${pathname} ${range}`.trim());
  if (pathname.startsWith('/api/')) return listing();
  const file = files[pathname.split('/').slice(5).join('/')];
  if (!file) return new Response(null, { status: 404 });
  const from = Number(/bytes=(\d+)-/.exec(range)?.[1] ?? 0);
  const { bytes, holdAt = bytes.length } = file;
  const end = Math.max(from, holdAt);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      init.signal?.addEventListener('abort', () => controller.error(init.signal?.reason));
      if (end > from) controller.enqueue(bytes.slice(from, end));
      if (holdAt === bytes.length) controller.close();
    },
  });
  return new Response(body, {
    status: 206,
    headers: { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`, ETag: '"1"' },
  });
}

async function listing(): Promise<Response> {
  return Response.json(
    await Promise.all(
      Object.entries(files).map(async ([path, { bytes, sha256, listedBytes }]) => ({
        type: 'file',
        path,
        size: listedBytes ?? bytes.length,
        lfs: { oid: sha256 ?? hex(await crypto.subtle.digest('SHA-256', bytes)) },
      })),
    ),
  );
}

const hex = (digest: ArrayBuffer) =>
  [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('');

async function open(name: string) {
  const db = await openDatabase({ name, onBlocked: () => {} });
  const gate = { fetch: fetchFile } as HostGate;
  const models = createModels(db, location.href);
  const downloads: Downloads = createDownloads({ db, gate, emit: () => {}, base: BASE });
  return { db, models, downloads, methods: createModelMethods({ db, models, gate, downloads, base: BASE }) };
}

let tab: Awaited<ReturnType<typeof open>>;

const api = {
  /** Resumes what is unfinished, as a page does when it starts. */
  async open(name: string): Promise<void> {
    tab = await open(name);
    await tab.downloads.resumeAll();
  },
  host(now: Record<string, HostFile>): void {
    files = now;
    requests = [];
  },
  requests: () => requests,
  start: (file: string) => tab.downloads.start({ repo: 'owner/model', file }),
  startUrl: (url: string) => tab.downloads.start({ url }),
  resume: (id: string) => tab.downloads.resume(id),
  cancel: (id: string) => tab.downloads.cancel(id),
  downloads: () => tab.downloads.list(),
  entries: () => tab.methods.modelEntries(),
  add: async (names: string[], contents: Uint8Array<ArrayBuffer>[]) =>
    tab.models.add(contents.map((bytes, i) => new File([bytes], names[i] ?? ''))),
  remove: (id: string) => tab.methods.removeModel(id),
  putCollection: (record: CollectionRecord) => putCollection(tab.db, record),
  /** The bytes that engines would get, by part. */
  async bytesOf(id: string): Promise<number[]> {
    const { gguf } = await tab.models.open(id);
    return [gguf].flat().map(({ size }) => size);
  },
  /** Names of all files on disk. */
  async disk(): Promise<string[]> {
    const root = await navigator.storage.getDirectory();
    const names: string[] = [];
    for (const folder of ['models', 'downloads']) {
      const handle = await root.getDirectoryHandle(folder, { create: true });
      for await (const name of handle.keys()) names.push(`${folder}/${name}`);
    }
    return names.sort();
  },
};

export type TabApi = typeof api;

void serve(api);
