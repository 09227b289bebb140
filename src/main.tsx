import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { client } from './state/app.ts';
import { receiveArrivals } from './state/arrivals.ts';
import { gatherPicked } from './state/drop.ts';
import { addGathered } from './ui/app/adding.ts';
import { App } from './ui/app/app.tsx';
import './ui/tokens.css';

// The page's own handle, for scripts that drive it and for people at the console.
Object.assign(window, { vecdrop: client });

receiveArrivals(files => void addGathered(known => gatherPicked(files, known)));

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
