import { Button } from '../parts/button.tsx';
import { compact } from '../parts/format.ts';
import { openModels } from './actions.ts';
import css from './header.module.css';
import { useMirror, useModel } from './hooks.ts';

/** Name, dimensions and speed of the model in use; opens the Models panel. */
export function ModelChip() {
  const model = useModel();
  const speed = useMirror(state => state.status?.tokensPerSecond);
  if (!model) return null;
  return (
    <Button
      look="quiet"
      className={`${css.chip} ${css.model}`}
      aria-haspopup="dialog"
      title="Models"
      onClick={() => openModels({ id: model.id })}
    >
      <b>{model.name}</b>
      <span className={css.wide}>
        {model.dimensions} dims{speed ? ` · ${compact(speed)} tok/s` : ''}
      </span>
    </Button>
  );
}
