import { Plus, X } from 'lucide-react';
import { useId, useState } from 'react';
import { client } from '../../state/app.ts';
import { attempt } from '../app/actions.ts';
import { useMirror } from '../app/hooks.ts';
import { Button } from '../parts/button.tsx';
import field from '../parts/field.module.css';
import { type ApiNames, aliasProblem, cleanAlias } from './names.ts';
import css from './panel.module.css';

interface Props {
  names: ApiNames;
  /** The model that a new name is for unless another is chosen. */
  modelId: string;
  onChange: () => Promise<void>;
}

/** What each model is called in requests; names can be added and taken away. */
export function ModelNames({ names, modelId, onChange }: Props) {
  const models = useMirror(state => state.models);
  const gone = Object.values(names.aliases).filter(id => !models.some(model => model.id === id));
  const listed = [
    ...models.map(({ id, name }) => ({ id, name })),
    ...[...new Set(gone)].map(id => ({ id, name: 'A model that is no longer here' })),
  ];

  /** Over what is stored now: another tab may have changed it. */
  async function changeAliases(change: (aliases: ApiNames['aliases']) => ApiNames['aliases']) {
    const { aliases } = await client.settings();
    await client.changeSettings({ aliases: change(aliases) });
    await onChange();
  }

  return (
    <section className={css.part} aria-labelledby="api-names">
      <h3 id="api-names">Model names</h3>
      <p className={field.hint}>What a request’s “model” may say. Capitals make no difference.</p>
      <ul className={css.models}>
        {listed.map(({ id, name }) => (
          <li key={id} className={css.model}>
            <span className={css.modelName}>{name}</span>
            <ul className={css.names} aria-label={`Names of ${name}`}>
              {(names.own[id] ?? []).map(own => (
                <li key={own} className={css.nameChip}>
                  {own}
                </li>
              ))}
              {aliasesOf(names, id).map(alias => (
                <li key={alias} className={`${css.nameChip} ${css.added}`}>
                  {alias}
                  <button
                    type="button"
                    className={css.remove}
                    aria-label={`Remove the name ${alias}`}
                    onClick={() => void attempt(() => changeAliases(({ [alias]: _, ...rest }) => rest))}
                  >
                    <X size={13} aria-hidden />
                  </button>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <NewName
        names={names}
        modelId={modelId}
        add={(alias, id) => changeAliases(aliases => ({ ...aliases, [alias]: id }))}
      />
    </section>
  );
}

function aliasesOf({ aliases }: ApiNames, modelId: string): string[] {
  return Object.keys(aliases)
    .filter(alias => aliases[alias] === modelId)
    .sort();
}

interface NewNameProps {
  names: ApiNames;
  modelId: string;
  add: (alias: string, modelId: string) => Promise<void>;
}

function NewName({ names, modelId, add }: NewNameProps) {
  const models = useMirror(state => state.models);
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(modelId);
  const [problem, setProblem] = useState<string>();
  const problemId = useId();

  function submit() {
    const alias = cleanAlias(typed);
    const found = aliasProblem(alias, names, models);
    setProblem(found);
    if (found !== undefined) return;
    void attempt(async () => {
      await add(alias, chosen);
      setTyped('');
    });
  }

  return (
    <form
      className={css.newName}
      onSubmit={event => {
        event.preventDefault();
        submit();
      }}
    >
      <label className={`${field.field} ${css.grow}`}>
        <span className={field.label}>Another name</span>
        <input
          className={field.input}
          value={typed}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="text-embedding-3-small"
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : problemId}
          onChange={event => {
            setTyped(event.target.value);
            setProblem(undefined);
          }}
        />
      </label>
      {models.length > 1 && (
        <label className={`${field.field} ${css.grow}`}>
          <span className={field.label}>For the model</span>
          <select className={field.input} value={chosen} onChange={event => setChosen(event.target.value)}>
            {models.map(({ id, name, quantization }) => (
              <option key={id} value={id}>
                {name} ({quantization})
              </option>
            ))}
          </select>
        </label>
      )}
      <Button type="submit" className={css.add}>
        <Plus size={15} aria-hidden /> Add
      </Button>
      {problem !== undefined && (
        <p id={problemId} className={`${field.error} ${css.problem}`} role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
