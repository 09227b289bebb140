const SPLIT = /^(.*)-(\d{5})-of-(\d{5})(\.gguf)$/i;

/** A file of a split GGUF, as llama.cpp names them: 'model-00001-of-00003.gguf'. */
export interface SplitName {
  stem: string;
  /** From 1. */
  part: number;
  parts: number;
  /** Names of all parts, in order. */
  names: string[];
}

/** Undefined for a name that is no part of a split GGUF. Any folders before the name stay in it. */
export function splitName(name: string): SplitName | undefined {
  const [, stem = '', number = '', count = '', extension = ''] = SPLIT.exec(name) ?? [];
  const part = Number(number);
  const parts = Number(count);
  if (part < 1 || part > parts) return undefined;
  const names = Array.from(
    { length: parts },
    (_, i) => `${stem}-${String(i + 1).padStart(5, '0')}-of-${count}${extension}`,
  );
  return { stem, part, parts, names };
}

/** Files of the same model together, in the order of their parts; a file that is no part is a group by itself. */
export function groupParts<T>(files: readonly T[], nameOf: (file: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const file of files) {
    const name = nameOf(file);
    const split = splitName(name);
    const key = split ? `split:${split.stem}:${split.parts}` : `file:${groups.size}:${name}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  for (const group of groups.values()) group.sort((a, b) => partOf(nameOf(a)) - partOf(nameOf(b)));
  return [...groups.values()];
}

const partOf = (name: string) => splitName(name)?.part ?? 0;

/** A dropped GGUF is a model, and no document. */
export function isModelPath(path: string): boolean {
  return path.toLowerCase().endsWith('.gguf');
}
