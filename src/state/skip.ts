import { type IgnoreRule, ignores, parseGitignore } from './gitignore.ts';

/** Why something within a folder is not added unless asked for. */
export type SkipReason = 'node_modules' | 'binary' | 'gitignore' | 'hidden';

/** The .gitignore files that speak of a folder's content, from the innermost out. */
export interface IgnoreScope {
  /** Segments of the path of the folder that holds the .gitignore. */
  depth: number;
  rules: IgnoreRule[];
  outer: IgnoreScope | undefined;
}

/** A .gitignore larger than this is none. */
const MAX_GITIGNORE_BYTES = 64 * 1024;

/** A folder's scope with the rules of its own .gitignore; one that cannot be read says nothing. */
export async function innerScope(
  gitignore: File | undefined,
  depth: number,
  outer: IgnoreScope | undefined,
): Promise<IgnoreScope | undefined> {
  if (!gitignore || gitignore.size > MAX_GITIGNORE_BYTES) return outer;
  const rules = parseGitignore(await gitignore.text().catch(() => ''));
  return rules.length > 0 ? { depth, rules, outer } : outer;
}

/** Why to leave out what lies in a folder under `scope`; `path` begins with the folder that was added. */
export function reasonToSkip(
  path: readonly string[],
  isFolder: boolean,
  scope: IgnoreScope | undefined,
): SkipReason | undefined {
  const name = path.at(-1) ?? '';
  if (isFolder && name === 'node_modules') return 'node_modules';
  if (name.startsWith('.')) return 'hidden';
  for (let at = scope; at; at = at.outer) {
    const ignored = ignores(at.rules, path.slice(at.depth), isFolder);
    if (ignored !== undefined) return ignored ? 'gitignore' : undefined;
  }
  return undefined;
}

/** Milliseconds of work between two turns for the page. */
const TURN_MS = 12;

/** A function to call between pieces of work: it waits where the page needs its turn. */
export function turns(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < TURN_MS) return undefined;
    return new Promise(resolve =>
      setTimeout(() => {
        since = performance.now();
        resolve();
      }),
    );
  };
}
