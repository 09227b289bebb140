import { gatherFolder, pickFolder } from '../../state/disk-folder.ts';
import { gatherPicked } from '../../state/drop.ts';
import { addGathered } from './adding.ts';

/** Ids of the two hidden inputs behind every 'Choose files' and 'Choose folder'. */
const FILES_INPUT = 'choose-files';
const FOLDER_INPUT = 'choose-folder';

function openInput(id: string) {
  const input = document.getElementById(id);
  if (input instanceof HTMLInputElement) input.click();
}

export const chooseFiles = () => openInput(FILES_INPUT);
/** By a picker that lets the folder be seen again where the browser has one, else by an input. */
export async function chooseFolder(): Promise<void> {
  const handle = await pickFolder();
  if (handle === 'none') openInput(FOLDER_INPUT);
  else if (handle) await addGathered((known, signal) => gatherFolder(handle, known, signal));
}

/** Takes the files of an input and empties it, so that the same ones can be chosen again. */
export function takeInput(input: HTMLInputElement): void {
  const files = [...(input.files ?? [])];
  input.value = '';
  if (files.length > 0) void addGathered(known => gatherPicked(files, known));
}

export { FILES_INPUT, FOLDER_INPUT };
