import type { Database } from '../store/database.ts';
import { readRemoteKeys, writeRemoteKey } from '../store/engines.ts';
import type { KnownKey } from './upsert-api.ts';

/** Keys of other servers, by their address. */
export interface Keys {
  /** One that is in memory. */
  get(address: string): string | undefined;
  /** One that is in memory, else one that was kept, which is in memory from then on. */
  load(address: string): Promise<string | undefined>;
  known(address: string): Promise<KnownKey>;
  /** Remembers a key in all tabs, in the database only where it is to be kept; forgets it where there is none. */
  set(address: string, key: string | undefined, keep: boolean): Promise<void>;
  /** Forgets every key that is in memory, in all tabs. */
  forgetAll(): void;
  close(): void;
}

type KeyMessage =
  | { type: 'ask' | 'forget' }
  | { type: 'drop'; address: string }
  | { type: 'keys'; keys: [string, string][] };

/** Keys in memory only: whichever tab speaks to a server needs its key, so open tabs tell each other. */
export function createKeys(db: Database, channelName = 'vecdrop-remote-keys'): Keys {
  const keys = new Map<string, string>();
  const channel = new BroadcastChannel(channelName);
  const post = (message: KeyMessage) => channel.postMessage(message);
  const tell = () => post({ type: 'keys', keys: [...keys] });
  channel.onmessage = ({ data }: MessageEvent<KeyMessage>) => {
    if (data.type === 'keys') for (const [address, key] of data.keys) keys.set(address, key);
    else if (data.type === 'drop') keys.delete(data.address);
    else if (data.type === 'forget') keys.clear();
    else if (keys.size > 0) tell();
  };
  post({ type: 'ask' });

  return {
    get: address => keys.get(address),
    async load(address) {
      const stored = keys.has(address) ? undefined : (await readRemoteKeys(db))[address];
      if (stored !== undefined) keys.set(address, stored);
      return keys.get(address);
    },
    async known(address) {
      if ((await readRemoteKeys(db))[address] !== undefined) return 'kept';
      return keys.has(address) ? 'tab' : 'none';
    },
    async set(address, key, keep) {
      if (key) {
        keys.set(address, key);
        tell();
      } else {
        keys.delete(address);
        post({ type: 'drop', address });
      }
      await writeRemoteKey(db, address, keep ? key : undefined);
    },
    forgetAll() {
      keys.clear();
      post({ type: 'forget' });
    },
    close: () => channel.close(),
  };
}
