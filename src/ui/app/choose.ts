import { gatherPicked } from '../../state/drop.ts';
import { addGathered } from './actions.ts';

/** Ids of the two hidden inputs behind every 'Choose files' and 'Choose folder'. */
const FILES_INPUT = 'choose-files';
const FOLDER_INPUT = 'choose-folder';

function openInput(id: string) {
  const input = document.getElementById(id);
  if (input instanceof HTMLInputElement) input.click();
}

export const chooseFiles = () => openInput(FILES_INPUT);
export const chooseFolder = () => openInput(FOLDER_INPUT);

/** Takes the files of an input and empties it, so that the same ones can be chosen again. */
export function takeInput(input: HTMLInputElement): void {
  const files = [...(input.files ?? [])];
  input.value = '';
  if (files.length > 0) void addGathered(gatherPicked(files));
}

export { FILES_INPUT, FOLDER_INPUT };
