import { expect, test } from 'vitest';
import { ignores, parseGitignore } from './gitignore.ts';

/** Whether a .gitignore ignores a path; a folder's ends with a slash. As `git check-ignore` answers. */
function ignored(gitignore: string, path: string): boolean {
  const isFolder = path.endsWith('/');
  return ignores(parseGitignore(gitignore), path.replace(/\/$/, '').split('/'), isFolder) ?? false;
}

test.each<[gitignore: string, ignored: string[], kept: string[]]>([
  ['a.txt', ['a.txt', 'b/a.txt', 'a.txt/'], ['ba.txt', 'a.txt.md', 'A.txt']],
  ['*.log', ['x.log', 'b/c/x.log', '.log'], ['x.logs', 'log']],
  ['/a', ['a', 'a/'], ['b/a']],
  ['b/a', ['b/a'], ['c/b/a', 'b/c/a']],
  ['build/', ['build/', 'x/build/'], ['build', 'x/build']],
  ['/build/', ['build/'], ['x/build/', 'build']],
  ['a?c', ['abc', 'a👍c'], ['ac', 'abbc', 'a/c']],
  ['a*c/d', ['abbc/d', 'ac/d'], ['a/c/d', 'abc/x/d']],
  ['**/a/b', ['a/b', 'x/y/a/b'], ['a/x/b']],
  ['a/**', ['a/b', 'a/b/c'], ['a', 'a/', 'x/a/b']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/bb', 'x/a/b']],
  ['a**b', ['ab', 'axxb'], ['a/b']],
  ['[a-c]x[!0-9]', ['axz', 'cxz'], ['dxz', 'ax1']],
  ['[]-]', [']', '-'], ['[', 'a']],
  ['*.log\n!keep.log', ['x.log'], ['keep.log']],
  ['!keep.log\n*.log', ['keep.log'], []],
  ['# note\n\n\\#x\n\\!y\r\nz  ', ['#x', '!y', 'z'], ['# note', 'x', 'y']],
  ['a\\  ', ['a '], ['a']],
  ['a\\*', ['a*'], ['ab']],
  ['\ufeffa', ['a'], []],
  ['/\n[ab\na//b\nc\\', [], ['a', 'b', 'a/b', 'c', '[ab']],
])('%j', (gitignore, those, others) => {
  expect(those.filter(path => !ignored(gitignore, path))).toEqual([]);
  expect(others.filter(path => ignored(gitignore, path))).toEqual([]);
});

test('a pattern of nothing but wildcards ends, however long the name', () => {
  expect(ignored(`${'*a'.repeat(500)}b`, `${'a'.repeat(4000)}c`)).toBe(false);
  expect(ignored(`${'**/a/'.repeat(300)}b`, 'a/'.repeat(2000))).toBe(false);
});
