import { number } from '../parts/format.ts';
import { Segments } from '../parts/segments.tsx';

interface Props {
  /** Files selected in the list. */
  selected: number;
  selectedOnly: boolean;
  onChange: (selectedOnly: boolean) => void;
}

/** All files or those that are selected, where there are some. */
export function WhichFiles({ selected, selectedOnly, onChange }: Props) {
  if (selected === 0) return null;
  return (
    <Segments
      label="Files"
      value={selectedOnly ? 'selected' : 'all'}
      choices={[
        { value: 'all', label: 'All files' },
        { value: 'selected', label: selected === 1 ? 'The selected file' : `${number(selected)} selected` },
      ]}
      onChange={value => onChange(value === 'selected')}
    />
  );
}
