import type { PrecacheEntry } from 'workbox-precaching';
import { needsCompat } from '../embed/wllama/needs-compat.ts';
import { scope } from './scope.ts';

declare const self: ServiceWorkerGlobalScope;

/** A large file that is kept apart from the app, once for all versions that have the same one. */
export interface LargeFile {
  url: string;
  /** As of Subresource Integrity: 'sha256-' and base64. */
  integrity: string;
}

/** Everything of dist/ that belongs to the app, as the build lists it. */
const entries = self.__WB_MANIFEST as PrecacheEntry[];

const isMain = ({ url }: PrecacheEntry) => /\/wllama-[^/]+\.wasm$/.test(url) && !isCompat({ url });
const isCompat = ({ url }: PrecacheEntry) => /\/(wllama-)?compat-[^/]+$/.test(url);
const isModel = ({ url }: PrecacheEntry) => url.endsWith('.gguf');

/** The model, and the engine's build that this browser can run: never both. */
export const largeFiles: readonly LargeFile[] = entries
  .filter(entry => isModel(entry) || (needsCompat() ? isCompat(entry) : isMain(entry)))
  .map(({ url, integrity = '' }) => ({ url: new URL(url, scope).href, integrity }));

/** The rest: small, and cached before this version is of use. */
export const appEntries = entries
  .filter(entry => !isModel(entry) && !isMain(entry) && !isCompat(entry))
  // Each is checked by its revision or the hash in its name.
  .map(({ url, revision }) => ({ url, revision: revision ?? null }));

/** Changes with every script and style, for the page's HTML names them. */
export const build = entries.find(({ url }) => url === 'index.html')?.revision ?? '';
