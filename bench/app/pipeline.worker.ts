import { expose } from 'comlink';
import { indexFolder } from './pipeline.ts';

expose({ indexFolder });
