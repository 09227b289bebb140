import type { ChunkPlace } from '../domain/search.ts';
import type { UpsertSelection } from '../workspace/upsert-api.ts';

/** What was typed before a reload that a host needs: where a model is. */
export interface UnfinishedForm {
  way: 'repo' | 'url' | 'endpoint';
  /** The repository, address or base URL. A key is never kept here. */
  value: string;
}

/** The database that was to be filled, and with what; the address and the names are remembered elsewhere. */
export interface DatabaseForm extends UpsertSelection {
  way: 'database';
  /** Its kind. */
  value: string;
}

/** A form from before a reload. */
interface KeptForm {
  form: UnfinishedForm | DatabaseForm;
  /** The host that the reload was for. */
  origin: string;
}

type Keeper = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const KEY = 'vecdrop:model-form';
const WAYS: readonly unknown[] = ['repo', 'url', 'endpoint'];

/** Keeps the form over the next reload of this tab. */
export function keepForm(form: UnfinishedForm | DatabaseForm, origin: string, keeper?: Keeper): void {
  try {
    (keeper ?? sessionStorage).setItem(KEY, JSON.stringify({ form, origin }));
  } catch {
    // The form is empty after the reload.
  }
}

/** The form from before the reload, once. */
export function takeForm(keeper?: Keeper): KeptForm | undefined {
  try {
    const from = keeper ?? sessionStorage;
    const kept: unknown = JSON.parse(from.getItem(KEY) ?? 'null');
    from.removeItem(KEY);
    const { form, origin } = (kept ?? {}) as Partial<Record<keyof KeptForm, unknown>>;
    const read = readForm(form);
    return read && typeof origin === 'string' ? { form: read, origin } : undefined;
  } catch {
    return undefined;
  }
}

function readForm(kept: unknown): UnfinishedForm | DatabaseForm | undefined {
  const { way, value, places, fileIds } = (kept ?? {}) as Partial<Record<keyof DatabaseForm, unknown>>;
  if (typeof value !== 'string') return undefined;
  if (WAYS.includes(way)) return { way: way as UnfinishedForm['way'], value };
  if (way !== 'database') return undefined;
  return {
    way,
    value,
    ...(isListOf(places, isPlace) ? { places } : {}),
    ...(isListOf(fileIds, isText) ? { fileIds } : {}),
  };
}

function isListOf<T>(value: unknown, is: (each: unknown) => each is T): value is T[] {
  return Array.isArray(value) && value.every(is);
}

const isText = (value: unknown): value is string => typeof value === 'string';

function isPlace(value: unknown): value is ChunkPlace {
  const { fileId, ordinal } = (value ?? {}) as Partial<Record<keyof ChunkPlace, unknown>>;
  return isText(fileId) && typeof ordinal === 'number';
}
