import { Info } from 'lucide-react';
import type { ModelEntry } from '../../workspace/models-api.ts';
import { Facts } from '../parts/facts.tsx';
import { number, size } from '../parts/format.ts';
import { EndpointKey } from './endpoint-key.tsx';
import { Engines } from './engines.tsx';
import { ModelDeeds } from './model-deeds.tsx';
import css from './models.module.css';
import { dimensionWords, hostOfUrl, nameList, poolingName, SOURCES, VOCABULARIES, visible } from './words.ts';

interface Props {
  entry: ModelEntry;
  onRemoved: () => void;
  /** A collection has it now, or is being made. */
  onUsed: () => void;
}

/** One model: what is known of it, what can be done with it, and what serves it. */
export function ModelDetails({ entry, onRemoved, onUsed }: Props) {
  const { info, source, usedBy } = entry;
  const remote = source === 'remote';
  const layers = info.layers > 0 ? `, ${info.layers} layers` : '';
  return (
    <article className={css.details} aria-labelledby="model-name">
      <header className={css.title}>
        <h3 id="model-name">{info.name}</h3>
        {SOURCES[source] && <span className={css.badge}>{SOURCES[source]}</span>}
      </header>
      {remote && (
        <p className={css.sends}>
          Texts of collections that use this model, and what you search for in them, are sent to{' '}
          <b>{hostOfUrl(info.remote?.baseUrl)}</b>.
        </p>
      )}
      <ModelDeeds entry={entry} onRemoved={onRemoved} onUsed={onUsed} />
      <div className={css.facts}>
        <Facts
          facts={[
            ['Endpoint', info.remote?.baseUrl],
            ['Size', remote ? undefined : size(info.bytes)],
            ['Family', info.family],
            ['Architecture', remote ? undefined : `${info.architecture}${layers}`],
            ['Quantization', remote ? undefined : info.quantization],
            ['Licence', info.license],
            ['Used by', usedBy.length > 0 ? nameList(usedBy) : 'no collection'],
          ]}
        />
        <Facts
          facts={[
            ['Dimensions', dimensionWords(info)],
            ['Context', `${number(info.contextLength)} tokens`],
            [
              'Vocabulary',
              info.tokenizer === 'estimate'
                ? VOCABULARIES.estimate
                : `${VOCABULARIES[info.tokenizer]}, ${number(info.vocabularySize)}`,
            ],
            ['Pooling', remote ? undefined : poolingName(info.pooling)],
            ['Before documents', <Prefix key="document" text={info.prefixes?.document} />],
            ['Before queries', <Prefix key="query" text={info.prefixes?.query} />],
          ]}
        />
      </div>
      {info.notices && info.notices.length > 0 && (
        <ul className={css.notices} aria-label="Good to know">
          {info.notices.map(notice => (
            <li key={notice}>
              <Info size={15} aria-hidden /> {notice}
            </li>
          ))}
        </ul>
      )}
      {remote ? <EndpointKey modelId={info.id} /> : <Engines modelId={info.id} />}
    </article>
  );
}

function Prefix({ text }: { text: string | undefined }) {
  return text ? <code className={css.prefix}>{visible(text)}</code> : <>nothing</>;
}
