import { serve } from '../../rpc/serve.ts';
import { createEmbedService } from './service.ts';

void serve(createEmbedService());
