import type { Format } from '../format.ts';

/** Subtitles: what is said, in paragraphs that begin with their time. */
export const subtitles: Format = {
  id: 'subtitles',
  name: 'Subtitles',
  extensions: ['srt', 'vtt'],
  startsLike: head => /^(\u00ef\u00bb\u00bf)?(WEBVTT\b|\d+\s+\d\d:\d\d:\d\d,\d{3} -->)/.test(head),
  async parse(source) {
    const { readSubtitles } = await import('./subtitles/read-subtitles.ts');
    return readSubtitles(source.text());
  },
};
