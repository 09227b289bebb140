import { DocumentWriter } from '../../document-writer.ts';
import type { Parsed } from '../../format.ts';

interface Cue {
  /** Seconds. */
  from: number;
  to: number;
  text: string;
}

/** Silence after which a paragraph begins, in seconds. */
const PAUSE = 3;
/** Characters after which a paragraph ends with the sentence. */
const ENOUGH = 400;

const TIMES = /^((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})/;

/** SubRip and WebVTT: cues joined into paragraphs, '[0:01:02] …' before each. Repeated lines are said once. */
export function readSubtitles(text: string): Parsed {
  const writer = new DocumentWriter();
  let open: { from: number; to: number; text: string } | undefined;
  const flush = () => {
    if (open) writer.add('paragraph', `[${clock(open.from)}] ${open.text}`);
    open = undefined;
  };
  for (const cue of cues(text)) {
    if (
      open &&
      (cue.from - open.to > PAUSE || (open.text.length > ENOUGH && /[.!?…。！？]["'”’»)]*$/.test(open.text)))
    )
      flush();
    if (!open) open = { ...cue };
    else {
      // Rolling captions show the last line again.
      if (!open.text.endsWith(cue.text)) open.text += ` ${cue.text}`;
      open.to = cue.to;
    }
  }
  flush();
  return writer.finish();
}

function* cues(text: string): Generator<Cue> {
  for (const block of text.split(/\n[^\S\n]*\n/)) {
    const lines = block.split('\n').filter(line => line.trim() !== '');
    const at = lines.findIndex(line => TIMES.test(line.trim()));
    const times = TIMES.exec(lines[at]?.trim() ?? '');
    if (!times) continue;
    const words = lines
      .slice(at + 1)
      .map(plain)
      .filter(line => line !== '')
      .join(' ');
    if (words !== '')
      yield { from: seconds(times[1] as string), to: seconds(times[2] as string), text: words };
  }
}

/** Without marks of type and place; a voice's name stands before its words. */
function plain(line: string): string {
  return line
    .replace(/<v(?:\.[\w.]+)?\s+([^>]+)>/g, '$1: ')
    .replace(/<[^<>]{0,200}>|\{\\[^}]{0,200}\}/g, '')
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&nbsp;/g, ' ')
    .trim();
}

function seconds(time: string): number {
  return time
    .replace(',', '.')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
}

function clock(time: number): string {
  const pad = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${Math.floor(time / 3600)}:${pad((time / 60) % 60)}:${pad(time % 60)}`;
}
