import type { ApiFile } from '../backend.ts';
import { badRequest, notFound } from '../errors.ts';
import { MAX_UPLOAD_BYTES, readBody } from '../input.ts';
import type { Call, Route } from '../route.ts';

/** Before the ids of files, in answers and requests. */
export const FILE_PREFIX = 'file_';

/** A file as OpenAI and LlamaEdge show it. */
function shown({ id, filename, bytes, purpose, addedAt }: ApiFile) {
  const created_at = Math.floor(addedAt / 1000);
  return { id: FILE_PREFIX + id, bytes, created_at, filename, object: 'file', purpose };
}

/** The file that an id means; 404 where there is none. */
export async function fileOf({ backend }: Pick<Call, 'backend'>, id: string): Promise<ApiFile> {
  const file = id.startsWith(FILE_PREFIX) ? await backend.file(id.slice(FILE_PREFIX.length)) : undefined;
  if (!file)
    throw notFound(`There is no file ${JSON.stringify(id)}. GET /v1/files lists those there are.`, 'id');
  return file;
}

/** The file of a multipart request, added to the uploads. */
export async function receiveFile({ request, backend }: Call): Promise<{ file: ApiFile; form: FormData }> {
  const type = request.headers.get('content-type') ?? '';
  if (!type.toLowerCase().startsWith('multipart/form-data')) {
    throw badRequest('Send the file as multipart/form-data, in a field “file”.', 'file');
  }
  const body = await readBody(request, MAX_UPLOAD_BYTES);
  let form: FormData;
  try {
    form = await new Response(body, { headers: { 'content-type': type } }).formData();
  } catch {
    throw badRequest('The body is not well-formed multipart/form-data.', undefined, 'invalid_multipart');
  }
  const file = form.get('file');
  if (!(file instanceof File)) throw badRequest('The field “file” must hold a file.', 'file');
  const purpose = form.get('purpose') ?? 'assistants';
  if (typeof purpose !== 'string') throw badRequest('“purpose” must be a text.', 'purpose');
  const added = await backend.addFile(cleanName(file.name), file, purpose || 'assistants');
  return { file: added, form };
}

/** A name without folders or control characters: it is shown to people and stands in exports. */
function cleanName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return last.replace(/[\u0000-\u001f\u007f]/g, '').trim() || 'upload';
}

export const fileRoutes: Route[] = [
  {
    method: 'POST',
    path: '/v1/files',
    run: async call => Response.json(shown((await receiveFile(call)).file)),
  },
  {
    method: 'GET',
    path: '/v1/files',
    async run({ backend }) {
      return Response.json({ object: 'list', data: (await backend.files()).map(shown), has_more: false });
    },
  },
  {
    method: 'GET',
    path: '/v1/files/{id}',
    run: async call => Response.json(shown(await fileOf(call, call.params.id ?? ''))),
  },
  {
    method: 'GET',
    path: '/v1/files/{id}/content',
    async run(call) {
      const file = await fileOf(call, call.params.id ?? '');
      const content = await call.backend.content(file.id);
      if (!content) throw notFound('The original of this file was not kept.', 'id');
      return new Response(content, { headers: { 'content-type': 'application/octet-stream' } });
    },
  },
  {
    method: 'DELETE',
    path: '/v1/files/{id}',
    async run(call) {
      const file = await fileOf(call, call.params.id ?? '');
      await call.backend.removeFile(file.id);
      return Response.json({ id: FILE_PREFIX + file.id, object: 'file', deleted: true });
    },
  },
];
