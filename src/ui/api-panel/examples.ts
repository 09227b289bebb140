/** How the examples reach the API. */
export interface ExampleTarget {
  /** Where the API is, without a slash at its end: http://127.0.0.1:8080/v1 */
  base: string;
  /** A name that the model answers to. */
  model: string;
}

export type Language = 'curl' | 'python' | 'openai' | 'fetch';

/** Strings and lists of JSON are those of Python and JavaScript too. */
const quoted = (text: string): string => JSON.stringify(text);
const INPUT = '["The tide turns.", "The lock opens."]';

/** One word of a POSIX shell. */
const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const EXAMPLES: Record<Language, (target: ExampleTarget) => string> = {
  curl: ({ base, model }) => `curl ${shellWord(`${base}/embeddings`)} \\
  -H 'Content-Type: application/json' \\
  -d ${shellWord(`{
    "model": ${quoted(model)},
    "input": ${INPUT}
  }`)}`,

  python: ({ base, model }) => `from openai import OpenAI

client = OpenAI(base_url=${quoted(base)}, api_key="none")
answer = client.embeddings.create(
    model=${quoted(model)},
    input=${INPUT},
)
print(answer.usage.total_tokens, answer.data[0].embedding[:4])`,

  openai: ({ base, model }) => `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: ${quoted(base)},
  apiKey: 'none',
  fetch: vecdrop.fetch,
  dangerouslyAllowBrowser: true,
});
const { data, usage } = await client.embeddings.create({
  model: ${quoted(model)},
  input: ${INPUT},
});
console.log(usage.total_tokens, data[0].embedding);`,

  fetch: ({ base, model }) => `const response = await fetch(${quoted(`${base}/embeddings`)}, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({
    model: ${quoted(model)},
    input: ${INPUT},
  }),
});
const { data, usage } = await response.json();
console.log(usage.total_tokens, data[0].embedding);`,
};

/** A request for two embeddings, ready to paste. */
export function example(language: Language, target: ExampleTarget): string {
  return EXAMPLES[language](target);
}
