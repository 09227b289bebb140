import { serve } from '../rpc/serve.ts';
import { SearchService } from './search-service.ts';

void serve(new SearchService());
