import { screen } from '../../state/app.ts';
import { ApiDialog } from '../api-panel/api-dialog.tsx';
import { CollectionDialog } from '../collections/collection-dialog.tsx';
import { ExportDialog } from '../export/export-dialog.tsx';
import { PlanDialog } from '../folders/plan-dialog.tsx';
import { ImportDialog } from '../import/import-dialog.tsx';
import { LogDialog } from '../log/log-dialog.tsx';
import { ModelsDialog } from '../models/models-dialog.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import { DeleteEverythingDialog } from '../settings/delete-everything.tsx';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { useMirror, useScreen } from './hooks.ts';
import { PasteDialog } from './paste-dialog.tsx';

const close = () => screen.set({ dialog: undefined });

/** The dialog that is open, if any; another tab's need to reload comes before all. */
export function Dialogs() {
  const dialog = useScreen(state => state.dialog);
  const blocked = useMirror(state => state.blocked);
  if (blocked !== undefined) return <BlockedDialog message={blocked} />;
  switch (dialog?.kind) {
    case 'export':
      return (
        <ExportDialog
          {...(dialog.places ? { places: dialog.places } : {})}
          {...(dialog.into === undefined ? {} : { into: dialog.into })}
          selectedOnly={dialog.selectedOnly ?? false}
          onClose={close}
        />
      );
    case 'import':
      return <ImportDialog files={dialog.files} onClose={close} />;
    case 'models':
      return <ModelsDialog shown={dialog.shown} onClose={close} />;
    case 'log':
      return <LogDialog onClose={close} />;
    case 'api':
      return <ApiDialog onClose={close} />;
    case 'settings':
      return <SettingsDialog onClose={close} />;
    case 'paste':
      return <PasteDialog onClose={close} />;
    case 'folder-plan':
      return <PlanDialog comparison={dialog.comparison} onUpdate={dialog.decide} onClose={close} />;
    case 'new-collection':
      return <CollectionDialog onClose={close} modelId={dialog.modelId} />;
    case 'rename-collection':
      return <CollectionDialog onClose={close} renamed={dialog} />;
    case 'delete-everything':
      return <DeleteEverythingDialog onClose={close} />;
    default:
      return null;
  }
}

function BlockedDialog({ message }: { message: string }) {
  return (
    <Dialog title="This tab needs to reload" description={message} onClose={() => {}} insistent>
      <DialogActions>
        <Button look="primary" onClick={() => location.reload()}>
          Reload
        </Button>
      </DialogActions>
    </Dialog>
  );
}
