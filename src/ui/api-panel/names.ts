import type { ModelInfo } from '../../domain/model.ts';

/** The names of the API, as far as the page knows them. */
export interface ApiNames {
  /** Names that models answer to of themselves, in lower case, by model id. */
  own: Record<string, string[]>;
  /** Names that a person added, in lower case, with the model's id. */
  aliases: Record<string, string>;
}

/** Longer names are mistakes. */
const MOST_CHARACTERS = 100;

/** As the API compares names. */
export function cleanAlias(typed: string): string {
  return typed.trim().toLowerCase();
}

/** Why a name cannot be added: a sentence; undefined when it can. */
export function aliasProblem(alias: string, { own, aliases }: ApiNames, models: readonly ModelInfo[]) {
  if (alias === '') return 'Type a name first.';
  if (/\s/.test(alias)) return 'A name has no spaces. Use a hyphen.';
  if (alias.length > MOST_CHARACTERS) return `A name has ${MOST_CHARACTERS} characters at the most.`;
  const ownerId =
    Object.keys(own).find(id => id === alias || own[id]?.includes(alias)) ??
    (Object.hasOwn(aliases, alias) ? aliases[alias] : undefined);
  if (ownerId === undefined) return undefined;
  const owner = models.find(({ id }) => id === ownerId)?.name ?? 'a model that is no longer here';
  return `“${alias}” already means ${owner}. Choose another name.`;
}

/** The shortest name by which the API finds this very model: of two models with one name, the first has it. */
export function nameFor(model: ModelInfo, own: ApiNames['own']): string {
  const means = (name: string) => Object.keys(own).find(id => own[id]?.includes(name.toLowerCase()));
  const names = [model.name, `${model.name}-${model.quantization}`];
  return names.find(name => means(name) === model.id) ?? model.id;
}
