import { serve } from '../rpc/serve.ts';
import { workspaceHost } from './workspace.ts';

void serve(workspaceHost);
