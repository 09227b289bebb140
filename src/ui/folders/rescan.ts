import { VecdropError } from '../../domain/errors.ts';
import type { KeptFolder } from '../../domain/folder.ts';
import { mirror } from '../../state/app.ts';
import { gatherFolder, mayRead } from '../../state/disk-folder.ts';
import { attempt } from '../app/actions.ts';
import { addGathered } from '../app/adding.ts';

/** Looks at a kept folder again, and shows what has changed. Only right after a click: the browser may have to ask. */
export function rescanFolder({ name, handle }: KeptFolder): Promise<void> {
  return attempt(async () => {
    const into = mirror.store.getState().currentId;
    if (!(await mayRead(handle).catch(() => false))) {
      throw new VecdropError(
        'file/unreadable',
        `The browser does not let Vecdrop read “${name}”. Allow it when it asks, or choose the folder again.`,
      );
    }
    await addGathered((known, signal) => gatherFolder(handle, known, signal), { into, isRescan: true });
  });
}
