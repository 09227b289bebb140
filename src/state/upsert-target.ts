/** What was typed of a database the last time. Keys are never kept here. */
export interface TypedTarget {
  address: string;
  tenant: string;
  scopeDatabase: string;
  /** Name of the collection there; absent where none was ever chosen for this one. */
  collection?: string;
}

interface Kept extends Omit<TypedTarget, 'collection'> {
  /** By the id of the collection that is sent. */
  names: Record<string, string>;
}

const keyOf = (database: string) => `vecdrop:into:${database}`;

/** What was typed for a kind of database the last time, and what this collection was called there. */
export function recallTarget(database: string, collectionId: string): TypedTarget | undefined {
  const kept = read(database);
  if (!kept) return undefined;
  const { names, ...typed } = kept;
  const collection = names[collectionId];
  return { ...typed, ...(collection === undefined ? {} : { collection }) };
}

export function rememberTarget(
  database: string,
  collectionId: string,
  { collection, address, tenant, scopeDatabase }: Required<TypedTarget>,
): void {
  const names = { ...read(database)?.names, [collectionId]: collection };
  const kept: Kept = { address, tenant, scopeDatabase, names };
  try {
    localStorage.setItem(keyOf(database), JSON.stringify(kept));
  } catch {
    // Typed anew the next time.
  }
}

function read(database: string): Kept | undefined {
  try {
    const { address, tenant, scopeDatabase, names } = JSON.parse(localStorage.getItem(keyOf(database)) ?? '');
    const texts = [address, tenant, scopeDatabase, ...Object.values(names)];
    return texts.every(text => typeof text === 'string')
      ? { address, tenant, scopeDatabase, names }
      : undefined;
  } catch {
    return undefined;
  }
}
