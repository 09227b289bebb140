import css from './app.module.css';
import { FILES_INPUT, FOLDER_INPUT, takeInput } from './choose.ts';

/** The inputs that the choosing buttons open; out of the way of eyes and keys. */
export function FileInputs() {
  return (
    <div className={css.inputs}>
      <input
        id={FILES_INPUT}
        type="file"
        multiple
        tabIndex={-1}
        aria-label="Files to add"
        onChange={event => takeInput(event.currentTarget)}
      />
      <input
        id={FOLDER_INPUT}
        type="file"
        multiple
        ref={input => input?.setAttribute('webkitdirectory', '')}
        tabIndex={-1}
        aria-label="Folder to add"
        onChange={event => takeInput(event.currentTarget)}
      />
    </div>
  );
}
