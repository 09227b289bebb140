import { Info } from 'lucide-react';
import type { ModelEntry } from '../../workspace/models-api.ts';
import { Facts } from '../parts/facts.tsx';
import { hostOf, number, size } from '../parts/format.ts';
import { EndpointKey } from './endpoint-key.tsx';
import { Engines } from './engines.tsx';
import { ModelDeeds } from './model-deeds.tsx';
import css from './models.module.css';
import { dimensionWords, nameList, poolingName, SOURCES, VOCABULARIES, visible } from './words.ts';

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
  const { document = '', query = '' } = info.prefixes ?? {};
  const prefixes = [
    ['Before documents', document],
    ['Before queries', query],
  ].filter((prefix): prefix is [string, string] => prefix[1] !== '');
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
          <b>{hostOf(info.remote?.baseUrl ?? '')}</b>.
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
            ['License', info.license],
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
            ['Prefixes', prefixes.length === 0 ? 'none' : undefined],
          ]}
        />
      </div>
      {prefixes.length > 0 && (
        <dl className={css.prefixes}>
          {prefixes.map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code className={css.prefix}>{visible(text)}</code>
              </dd>
            </div>
          ))}
        </dl>
      )}
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
