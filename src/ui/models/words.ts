import type { ModelInfo, Pooling, TokenizerKind } from '../../domain/model.ts';
import type { ModelDownload, ModelEntry } from '../../workspace/models-api.ts';
import { duration, hostOf, number, size } from '../parts/format.ts';

export const VOCABULARIES: Record<TokenizerKind, string> = {
  wordpiece: 'WordPiece',
  unigram: 'SentencePiece Unigram',
  'spm-bpe': 'SentencePiece BPE',
  'byte-bpe': 'byte-level BPE',
  estimate: 'not known, counted by characters',
};

export const POOLINGS: readonly { value: Pooling; label: string }[] = [
  { value: 'mean', label: 'Mean of all tokens' },
  { value: 'cls', label: 'First token (CLS)' },
  { value: 'last', label: 'Last token' },
];

export function poolingName(pooling: Pooling): string {
  return POOLINGS.find(({ value }) => value === pooling)?.label ?? pooling;
}

export const SOURCES: Record<ModelEntry['source'], string | undefined> = {
  'built-in': 'Built-in',
  kept: undefined,
  remote: 'Endpoint',
};

/** 'BGE · 384 dims · Q8_0 · 25 MB' */
export function summary({ info, source }: ModelEntry): string {
  const where = source === 'remote' ? info.remote && hostOf(info.remote.baseUrl) : size(info.bytes);
  const quantization = source === 'remote' ? undefined : info.quantization;
  return [info.family, `${number(info.dimensions)} dims`, quantization, where].filter(Boolean).join(' · ');
}

/** '768, or cut to 512, 256' */
export function dimensionWords({ dimensions, matryoshka }: ModelInfo): string {
  const shorter = matryoshka?.filter(length => length < dimensions) ?? [];
  return shorter.length === 0
    ? number(dimensions)
    : `${number(dimensions)}, or cut to ${shorter.map(number).join(', ')}`;
}

/** 'Notes', 'Notes and Letters', 'Notes, Letters and 3 more' */
export function nameList(names: readonly string[]): string {
  const [first = '', second] = names;
  if (second === undefined) return first;
  if (names.length === 2) return `${first} and ${second}`;
  return `${first}, ${second} and ${names.length - 2} more`;
}

/** White space made visible where it is easily missed: 'query: ' → 'query:␣' */
export function visible(text: string): string {
  return text
    .replaceAll('\n', '⏎')
    .replaceAll('\t', '⇥')
    .replace(/^ +| +$| {2,}| +(?=⏎)|(?<=⏎) +/g, spaces => '␣'.repeat(spaces.length));
}

/** '12 MB of 25 MB · 3.1 MB/s · 4 s left' */
export function downloadWords(download: ModelDownload): string {
  const { state, receivedBytes, totalBytes, bytesPerSecond, secondsLeft } = download;
  if (state === 'checking') return `${size(receivedBytes)} received, checking`;
  const parts = [
    totalBytes === undefined
      ? `${size(receivedBytes)} received`
      : `${size(receivedBytes)} of ${size(totalBytes)}`,
  ];
  if (state === 'running' && bytesPerSecond) parts.push(`${size(bytesPerSecond)}/s`);
  if (state === 'running' && secondsLeft !== undefined) parts.push(`${duration(secondsLeft)} left`);
  return parts.join(' · ');
}
