import { useState } from 'react';
import { useStore } from 'zustand';
import { offline } from '../../state/app.ts';
import { Button } from '../parts/button.tsx';
import { Notice } from '../parts/notice.tsx';
import { cancelAll, openModels, resumeWork } from './actions.ts';
import { useCollection, useMirror } from './hooks.ts';
import { rechunks, underWayWords } from './recipe-words.ts';

/** Lines below the header that say how things stand; none of them when all is well. */
export function Notices() {
  const failure = useMirror(state => state.failure);
  const engine = useMirror(({ status }) => status?.engine);
  const paused = useMirror(({ status }) => status?.paused);
  const follows = useMirror(
    ({ status }) => status?.role === 'follower' && status.queue.waiting + status.queue.working > 0,
  );
  const collection = useCollection();
  const { recipe, nextRecipe } = collection ?? {};
  const modelId = (nextRecipe ?? recipe)?.modelId;
  return (
    <>
      {failure !== undefined && (
        <Notice tone="bad" action={<Button onClick={() => location.reload()}>Reload</Button>}>
          {failure}
        </Notice>
      )}
      {engine?.state === 'failed' && (
        <Notice
          tone="bad"
          action={
            <>
              <Button aria-label="Retry the model" onClick={() => void resumeWork()}>
                Retry
              </Button>
              <Button
                look="quiet"
                onClick={() => openModels(modelId === undefined ? undefined : { id: modelId })}
              >
                Models
              </Button>
            </>
          }
        >
          {engine.error?.message ?? 'The model could not be started.'}
        </Notice>
      )}
      {paused?.reason === 'quota' && <Notice tone="warn">{paused.message}</Notice>}
      {recipe && nextRecipe && (
        <Notice
          tone="plain"
          action={
            <Button
              aria-label={`Cancel the new ${rechunks(recipe, nextRecipe) ? 'chunking' : 'recipe'}`}
              onClick={() => void cancelAll()}
            >
              Cancel
            </Button>
          }
        >
          {underWayWords(recipe, nextRecipe)}
        </Notice>
      )}
      {follows && <Notice tone="plain">Another tab is doing the work; this one follows.</Notice>}
      <Update />
    </>
  );
}

/** Offered, never forced: until then this tab goes on as it is. */
function Update() {
  const ready = useStore(offline.store, state => state.updateReady);
  const [later, setLater] = useState(false);
  if (!ready || later) return null;
  return (
    <Notice
      tone="plain"
      action={
        <>
          <Button onClick={offline.applyUpdate}>Reload to update</Button>
          <Button look="quiet" aria-label="Update later" onClick={() => setLater(true)}>
            Later
          </Button>
        </>
      }
    >
      A new version of Vecdrop is ready. Nothing is lost: the work goes on after the reload.
    </Notice>
  );
}
