import { serve } from '../rpc/serve.ts';
import { MapService } from './map-service.ts';

void serve(new MapService());
