import { VecdropError } from '../domain/errors.ts';

/** Where a model comes from, in its one form: what means the same file is equal. */
export type Source = { url: string } | { repo: string; file: string; revision: string };

export const HUGGING_FACE = 'https://huggingface.co';

/**
 * A source as a person gave it, in its one form. An address of Hugging Face (`base`, another one in tests) is read as
 * repository and file, for then size and sha256 are known. Throws 'input/invalid' where it cannot be one.
 */
export function readSource(
  given: { url: string } | { repo: string; file: string; revision?: string },
  base = HUGGING_FACE,
): Source {
  if ('repo' in given) {
    const { repo, file, revision = 'main' } = given;
    return { repo: readRepo(repo, base), file: firstPart(file.trim()), revision };
  }
  const text = given.url.trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new VecdropError(
      'input/invalid',
      `“${text}” is no address. It begins with https:// and ends, for most models, with .gguf.`,
    );
  }
  if (url.username || url.password) {
    throw new VecdropError(
      'input/invalid',
      'An address with a password would be kept with it. Download the file in the browser, then drop it here.',
    );
  }
  url.hash = '';
  const [, repo, revision, file] =
    /^\/([^/]+\/[^/]+)\/(?:resolve|blob|raw)\/([^/]+)\/(.+)$/.exec(url.pathname) ?? [];
  if (url.origin === new URL(base).origin && repo && revision && file) {
    return { repo, file: firstPart(decodeURIComponent(file)), revision: decodeURIComponent(revision) };
  }
  url.pathname = firstPart(url.pathname);
  return { url: url.href };
}

/** A repository's name, from its name or its address. */
export function readRepo(text: string, base = HUGGING_FACE): string {
  const trimmed = text.trim();
  const path = trimmed.startsWith(`${base}/`) ? trimmed.slice(base.length + 1) : trimmed;
  const [name] = /^[\w.-]+\/[\w.-]+(?=\/*$|\/tree\/)/.exec(path) ?? [];
  if (name) return name;
  throw new VecdropError(
    'input/invalid',
    `“${trimmed}” is no repository. Its name is of the form owner/name.`,
  );
}

/** The file that stands for a split model. */
function firstPart(path: string): string {
  return path.replace(/-\d{5}-of-(\d{5}\.gguf)$/i, '-00001-of-$1');
}

/** The host that must be allowed before a source is asked. */
export function originOf(source: Source, base = HUGGING_FACE): string {
  return new URL('url' in source ? source.url : base).origin;
}

/** The file's name, for people. */
export function fileName(source: Source): string {
  return (
    ('url' in source ? lastName(new URL(source.url).pathname) : source.file.split('/').at(-1)) || 'model.gguf'
  );
}

/** The last name of an address's path. */
export function lastName(pathname: string): string {
  const name = pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
