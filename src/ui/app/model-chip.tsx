import { ChevronDown } from 'lucide-react';
import type { Status } from '../../workspace/api.ts';
import { Button } from '../parts/button.tsx';
import { Facts } from '../parts/facts.tsx';
import { compact, number, size } from '../parts/format.ts';
import { Popover } from '../parts/popover.tsx';
import css from './header.module.css';
import { useMirror, useModel } from './hooks.ts';

function engineWords(engine: Status['engine'] | undefined): string {
  if (!engine || engine.state === 'idle') return 'Starts with the first file';
  if (engine.state === 'loading') return 'Loading';
  if (engine.state === 'failed') return engine.error?.message ?? 'It did not start';
  const instances = engine.instances && engine.instances > 1 ? ` × ${engine.instances}` : '';
  return `${engine.name ?? 'Ready'}${instances}`;
}

/** Name, dimensions and speed of the model in use; opens its facts. */
export function ModelChip() {
  const model = useModel();
  const engine = useMirror(state => state.status?.engine);
  const speed = useMirror(state => state.status?.tokensPerSecond);
  if (!model) return null;
  return (
    <Popover
      label="Model"
      trigger={
        <Button look="quiet" className={css.chip}>
          <b>{model.name}</b>
          <span className={css.wide}>
            {model.dimensions} dims{speed ? ` · ${compact(speed)} tok/s` : ''}
          </span>
          <ChevronDown size={14} aria-hidden />
        </Button>
      }
    >
      <strong>{model.name}</strong>
      <Facts
        facts={[
          ['Dimensions', number(model.dimensions)],
          ['Context', `${number(model.contextLength)} tokens`],
          ['Architecture', `${model.architecture}, ${model.layers} layers`],
          ['Quantization', model.quantization],
          ['Pooling', model.pooling],
          ['Vocabulary', `${number(model.vocabularySize)} (${model.tokenizer})`],
          ['Size', size(model.bytes)],
          ['License', model.license],
          ['Engine', engineWords(engine)],
          ['Speed', speed ? `${number(speed)} tokens/s` : undefined],
        ]}
      />
      <p>Drop another GGUF embedding model on the page and it can be chosen for a new collection.</p>
    </Popover>
  );
}
