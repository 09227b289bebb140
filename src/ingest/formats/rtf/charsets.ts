/** Windows code pages whose label is not 'windows-N'. */
const CODE_PAGES: Record<number, string> = {
  437: 'windows-1252',
  850: 'windows-1252',
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  65001: 'utf-8',
};
/** RTF's numbers for the character sets of fonts, as code pages. */
const FONT_SETS: Record<number, number> = {
  0: 1252,
  77: 10000,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
};

/** A decoder of a Windows code page; of 1252 where no browser knows it. Bytes of one character may come apart. */
export function decoderOf(codePage: number): TextDecoder {
  try {
    return new TextDecoder(CODE_PAGES[codePage] ?? `windows-${codePage}`);
  } catch {
    return new TextDecoder('windows-1252');
  }
}

/** What a font's \fcharset says; undefined for 'default' and 'symbol'. */
export function fontDecoder(charset: number): TextDecoder | undefined {
  const page = FONT_SETS[charset];
  return page === undefined ? undefined : decoderOf(page);
}
