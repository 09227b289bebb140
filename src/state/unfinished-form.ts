/** What was typed before a reload that a host needs: where a model is. */
export interface UnfinishedForm {
  way: 'repo' | 'url' | 'endpoint';
  /** The repository, address or base URL. A key is never kept here. */
  value: string;
}

/** The database that was to be filled; what was typed is remembered with it. */
export interface DatabaseForm {
  way: 'database';
  /** Its kind. */
  value: string;
}

const KEY = 'vecdrop:model-form';
const WAYS: readonly unknown[] = ['repo', 'url', 'endpoint', 'database'];

/** Keeps the form over the next reload of this tab. */
export function keepForm(form: UnfinishedForm | DatabaseForm): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(form));
  } catch {
    // The form is empty after the reload.
  }
}

/** The form from before the reload, once. */
export function takeForm(): UnfinishedForm | DatabaseForm | undefined {
  try {
    const kept = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    const form = kept === null ? undefined : JSON.parse(kept);
    const { way, value } = form ?? {};
    return WAYS.includes(way) && typeof value === 'string' ? { way, value } : undefined;
  } catch {
    return undefined;
  }
}
