import { useState } from 'react';
import type { UnfinishedForm } from '../../state/unfinished-form.ts';
import { Segments } from '../parts/segments.tsx';
import { AddEndpoint } from './add-endpoint.tsx';
import { AddFile } from './add-file.tsx';
import { AddRepo } from './add-repo.tsx';
import { AddUrl } from './add-url.tsx';
import css from './models.module.css';

type Way = 'file' | UnfinishedForm['way'];

const WAYS: readonly { value: Way; label: string }[] = [
  { value: 'file', label: 'File' },
  { value: 'repo', label: 'Hugging Face' },
  { value: 'url', label: 'URL' },
  { value: 'endpoint', label: 'Endpoint' },
];

interface Props {
  add: UnfinishedForm | 'file';
  /** The page was reloaded for this form just now. */
  returned?: boolean;
  onAdded: (modelId: string) => void;
  onDownload: () => void;
}

/** The ways to another model, one form at a time. */
export function AddModel({ add, returned = false, onAdded, onDownload }: Props) {
  const [way, setWay] = useState<Way>(add === 'file' ? 'file' : add.way);
  const common = {
    initial: add !== 'file' && add.way === way ? add.value : '',
    returned: returned && add !== 'file' && add.way === way,
  };
  return (
    <section className={css.details} aria-labelledby="add-model">
      <h3 id="add-model" className={css.addTitle}>
        Add a model
      </h3>
      <Segments label="From" value={way} choices={WAYS} onChange={setWay} />
      {way === 'file' && <AddFile onAdded={onAdded} />}
      {way === 'repo' && <AddRepo {...common} onDownload={onDownload} />}
      {way === 'url' && <AddUrl {...common} onDownload={onDownload} />}
      {way === 'endpoint' && <AddEndpoint {...common} onAdded={onAdded} />}
    </section>
  );
}
