import { SHARED_NAME, SHARED_SEARCH, sharedCache } from '../sw/messages.ts';

interface LaunchQueue {
  setConsumer(consumer: (launch: { files?: FileSystemFileHandle[] }) => void): void;
}

/**
 * Hands over what comes from outside the page: files that the system opens with the installed page, and what another
 * app shares with it.
 */
export function receiveArrivals(add: (files: File[]) => void): void {
  const { launchQueue } = window as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(async ({ files = [] }) => {
    if (files.length > 0) add(await Promise.all(files.map(handle => handle.getFile())));
  });
  if (location.search === SHARED_SEARCH) void takeShared(add);
}

async function takeShared(add: (files: File[]) => void): Promise<void> {
  history.replaceState(null, '', location.pathname);
  const cache = await caches.open(sharedCache(new URL('./', document.baseURI).href));
  const files: File[] = [];
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    // Whoever removes it has it: two tabs do not both add it.
    if (!response || !(await cache.delete(request))) continue;
    const content = await response.blob();
    files.push(
      new File([content], decodeURIComponent(response.headers.get(SHARED_NAME) ?? ''), {
        type: content.type,
      }),
    );
  }
  if (files.length > 0) add(files);
}
