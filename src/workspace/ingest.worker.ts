import { serve } from '../rpc/serve.ts';
import { IngestService } from './ingest-service.ts';

void serve(new IngestService());
