/** What was typed before a reload that a host needs. */
export interface UnfinishedForm {
  way: 'repo' | 'url' | 'endpoint';
  /** The repository, address or base URL. A key is never kept here. */
  value: string;
}

const KEY = 'vecdrop:model-form';

/** Keeps the form over the next reload of this tab. */
export function keepForm(form: UnfinishedForm): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(form));
  } catch {
    // The form is empty after the reload.
  }
}

/** The form from before the reload, once. */
export function takeForm(): UnfinishedForm | undefined {
  try {
    const kept = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    const form = kept === null ? undefined : JSON.parse(kept);
    const { way, value } = form ?? {};
    return ['repo', 'url', 'endpoint'].includes(way) && typeof value === 'string'
      ? { way, value }
      : undefined;
  } catch {
    return undefined;
  }
}
