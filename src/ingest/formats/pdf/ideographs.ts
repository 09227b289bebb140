/** Radicals that are drawn like a character and that Unicode does not fold (EquivalentUnifiedIdeograph.txt). */
const RADICALS: Record<string, string> = {
  '⺟': '母',
  '⺠': '民',
  '⻁': '虎',
  '⻄': '西',
  '⻅': '见',
  '⻆': '角',
  '⻉': '贝',
  '⻋': '车',
  '⻑': '長',
  '⻓': '长',
  '⻔': '门',
  '⻘': '青',
  '⻙': '韦',
  '⻚': '页',
  '⻛': '风',
  '⻜': '飞',
  '⻝': '食',
  '⻢': '马',
  '⻣': '骨',
  '⻤': '鬼',
  '⻥': '鱼',
  '⻦': '鸟',
  '⻧': '卤',
  '⻨': '麦',
  '⻩': '黄',
  '⻬': '齐',
  '⻮': '齿',
  '⻰': '龙',
  '⻳': '龟',
};

/**
 * Characters where a PDF says radicals: fonts draw both by one glyph, and programs that print take the first code that
 * leads to it. Who searches types characters.
 */
export function withoutRadicals(text: string): string {
  if (!/[\u2e80-\u2fd5]/.test(text)) return text;
  return text.replace(/[\u2e80-\u2fd5]/g, radical => RADICALS[radical] ?? radical.normalize('NFKC'));
}
