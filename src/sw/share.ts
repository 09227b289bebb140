import { SHARED_NAME, SHARED_SEARCH, sharedCache } from './messages.ts';
import { scope } from './scope.ts';

/** Where the manifest's share_target points. */
export const SHARE_PATH = `${scope}share`;

/** Takes what another app shares: its files, or its text as a file, wait in a cache until the page that opens takes them. */
export async function receiveShare(request: Request): Promise<Response> {
  const form = await request.formData();
  const files = form.getAll('files').filter(entry => entry instanceof File);
  const text = ['title', 'text', 'url']
    .map(name => form.get(name))
    .filter(part => part && typeof part === 'string');
  if (files.length === 0 && text.length > 0) {
    files.push(new File([text.join('\n\n')], 'Shared text.txt', { type: 'text/plain' }));
  }
  const cache = await caches.open(sharedCache(scope));
  for (const file of files) {
    const headers = {
      [SHARED_NAME]: encodeURIComponent(file.name),
      'Content-Type': file.type || 'application/octet-stream',
    };
    await cache.put(`${SHARE_PATH}/${crypto.randomUUID()}`, new Response(file, { headers }));
  }
  return Response.redirect(scope + SHARED_SEARCH, 303);
}
