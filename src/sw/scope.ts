declare const self: ServiceWorkerGlobalScope;

/** The folder that this service worker serves, with a slash at its end. */
export const scope = self.registration.scope;

/** The page's own address, whatever its search and hash. */
export function isPage(address: string): boolean {
  const { origin, pathname } = new URL(address);
  return origin + pathname === scope || origin + pathname === `${scope}index.html`;
}

/** The open windows of this page, those seen last first; a page opened before the service worker counts too. */
export async function openPages(): Promise<WindowClient[]> {
  const all = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return all.filter(({ url }) => isPage(url));
}
