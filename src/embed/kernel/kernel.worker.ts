import { serve } from '../../rpc/serve.ts';
import { createKernelService } from './service.ts';

void serve(createKernelService());
