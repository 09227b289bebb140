import { isLoopback } from '../../domain/hosts.ts';

/** Where Hugging Face's repositories are. */
export const HUGGING_FACE = 'https://huggingface.co';

/** 'owner/name' of what was typed, its address included; undefined where it is neither. */
export function repoOf(typed: string): string | undefined {
  const bare = typed.trim().replace(/^https?:\/\/(www\.)?(huggingface\.co|hf\.co)\//i, '');
  const [owner = '', name = ''] = bare.split('/');
  const part = /^[\w.-]+$/;
  return part.test(owner) && part.test(name) ? `${owner}/${name}` : undefined;
}

/** Why an address cannot be asked for a model, in a sentence. */
export function urlProblem(typed: string, page: string): string | undefined {
  const text = typed.trim();
  if (text === '') return 'Type or paste a URL first.';
  if (!URL.canParse(text)) return 'This is no URL. It should begin with https:// or http://';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Only https:// and http:// work here.';
  const secure = new URL(page).protocol === 'https:';
  if (secure && url.protocol === 'http:' && !isLoopback(url.hostname))
    return 'Browsers let a page that came by https reach http:// on this machine only. Use https://';
  return undefined;
}
