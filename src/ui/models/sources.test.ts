import { expect, it } from 'vitest';
import { repoOf, urlProblem } from './sources.ts';

it('a repository is known by its name or its address', () => {
  expect(repoOf(' BAAI/bge-small-en-v1.5 ')).toBe('BAAI/bge-small-en-v1.5');
  expect(repoOf('https://huggingface.co/ggml-org/embeddinggemma-300M-GGUF/tree/main')).toBe(
    'ggml-org/embeddinggemma-300M-GGUF',
  );
  for (const typed of ['', 'bge', 'a/', 'https://example.org/a/b', 'a b/c'])
    expect(repoOf(typed)).toBeUndefined();
});

it('an address that the browser would refuse is refused with the reason', () => {
  const secure = 'https://vecdrop.example/';
  expect(urlProblem('', secure)).toMatch(/^Type/);
  expect(urlProblem('models.example/a.gguf', secure)).toMatch(/no URL/);
  expect(urlProblem('ftp://models.example/a.gguf', secure)).toMatch(/^Only/);
  expect(urlProblem('http://models.example/a.gguf', secure)).toMatch(/Use https/);
  expect(urlProblem('http://127.0.0.1:8080/a.gguf', secure)).toBeUndefined();
  expect(urlProblem('http://models.example/a.gguf', 'http://127.0.0.1:4173/')).toBeUndefined();
  expect(urlProblem('https://models.example/a.gguf', secure)).toBeUndefined();
});
