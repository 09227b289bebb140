import { VecdropError } from '../domain/errors.ts';
import { groupParts, splitName } from '../domain/split.ts';
import { failed, hostOf, Lost } from './response.ts';
import { HUGGING_FACE, lastName, type Source } from './source.ts';

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A file as Hugging Face lists it. */
export interface ListedFile {
  path: string;
  bytes: number;
  /** In hex; for files kept by LFS, as all large ones are. */
  sha256?: string;
}

/** A file to receive. */
export interface SourceFile {
  url: string;
  name: string;
  bytes?: number;
  sha256?: string;
}

/** Pages of a listing, of a thousand files each, at most. */
const MOST_PAGES = 20;

/**
 * The GGUF files of a repository, from `GET /api/models/{repo}/tree/{revision}?recursive=true`. Rejects with
 * 'download/failed' where there is none of that name, with Lost where trying again may help.
 */
export async function listFiles(
  { repo, revision }: { repo: string; revision: string },
  fetch: Fetch,
  signal: AbortSignal,
  base = HUGGING_FACE,
): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  let url: string | undefined =
    `${base}/api/models/${repo}/tree/${encodeURIComponent(revision)}?recursive=true`;
  for (let page = 0; url && page < MOST_PAGES; page++) {
    const response: Response = await fetch(url, {
      signal,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    }).catch(cause => {
      signal.throwIfAborted();
      if (cause instanceof VecdropError) throw cause;
      throw new Lost(`There is no connection to ${hostOf(base)}.`, { cause });
    });
    if (!response.ok) {
      void response.body?.cancel();
      throw refusal(response.status, repo, revision, base);
    }
    files.push(
      ...readListing(
        await response.json().catch(cause => {
          throw new Lost(`${hostOf(base)} sent a list of files that cannot be read.`, { cause });
        }),
      ),
    );
    url = nextPage(response.headers.get('Link'), base);
  }
  return files;
}

/** All files of a source, in the order of their parts. Rejects as `listFiles`, and where a part is missing. */
export async function sourceFiles(
  source: Source,
  fetch: Fetch,
  signal: AbortSignal,
  base = HUGGING_FACE,
): Promise<SourceFile[]> {
  if ('url' in source) {
    return partNames(new URL(source.url).pathname).map(pathname => {
      const url = new URL(source.url);
      url.pathname = pathname;
      return { url: url.href, name: lastName(pathname) };
    });
  }
  const { repo, file, revision } = source;
  const listed = await listFiles(source, fetch, signal, base);
  return partNames(file).map(path => {
    const found = listed.find(other => other.path === path);
    if (!found) {
      throw failed(
        `The repository ${repo} has no file “${path}” in “${revision}”. Look at its list of files and choose again.`,
      );
    }
    const { bytes, sha256 } = found;
    const segments = path.split('/').map(encodeURIComponent).join('/');
    return {
      url: `${base}/${repo}/resolve/${encodeURIComponent(revision)}/${segments}`,
      name: path.split('/').at(-1) ?? path,
      bytes,
      ...(sha256 ? { sha256 } : {}),
    };
  });
}

/** Listed files as a person chooses among them: a split model once, by its first part. */
export function asModels(files: readonly ListedFile[]): { path: string; bytes: number; parts: number }[] {
  return groupParts(files, ({ path }) => path).map(parts => ({
    path: parts[0]?.path ?? '',
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    parts: parts.length,
  }));
}

const partNames = (name: string) => splitName(name)?.names ?? [name];

function readListing(listing: unknown): ListedFile[] {
  if (!Array.isArray(listing)) return [];
  return listing.flatMap(
    (entry: { type?: unknown; path?: unknown; size?: unknown; lfs?: { oid?: unknown } | null }) => {
      const { type, path, size, lfs } = entry ?? {};
      if (type !== 'file' || typeof path !== 'string' || typeof size !== 'number') return [];
      if (!path.toLowerCase().endsWith('.gguf')) return [];
      const oid = typeof lfs?.oid === 'string' && /^[0-9a-f]{64}$/.test(lfs.oid) ? lfs.oid : undefined;
      return [{ path, bytes: size, ...(oid ? { sha256: oid } : {}) }];
    },
  );
}

/** Of an answer's Link header; never on another host. */
function nextPage(link: string | null, base: string): string | undefined {
  const [, next] = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '') ?? [];
  return next && new URL(next, base).origin === new URL(base).origin ? new URL(next, base).href : undefined;
}

function refusal(status: number, repo: string, revision: string, base: string): Error {
  const host = hostOf(base);
  if (status === 429 || status >= 500) return new Lost(`${host} is busy or out of order (${status}).`);
  if (status === 401 || status === 403 || status === 404) {
    return failed(
      `${host} has no public repository ${repo} with a “${revision}” (${status}). Check the name; from one that wants a sign-in, download the file there and drop it here.`,
    );
  }
  return failed(`${host} answered ${status} for the repository ${repo}. Check the name.`);
}
