import './page.css';
import { expose } from 'comlink';
import { createFinder } from './finder.ts';
import { startPage } from './start-page.ts';

// One script for both: the page starts a worker from its own text, so that there is nothing to fetch.
if ('document' in globalThis) startPage();
else expose(createFinder());
