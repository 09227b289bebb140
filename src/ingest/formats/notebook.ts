import type { Format } from '../format.ts';

/** Jupyter notebooks: text, code, and what it printed. */
export const notebook: Format = {
  id: 'notebook',
  name: 'Jupyter notebook',
  extensions: ['ipynb'],
  async parse(source) {
    const { readNotebook } = await import('./notebook/read-notebook.ts');
    return readNotebook(source.text());
  },
};
