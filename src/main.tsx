import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { client } from './state/app.ts';
import { App } from './ui/app/app.tsx';
import './ui/tokens.css';

// The page's own handle, for scripts that drive it and for people at the console.
Object.assign(window, { vecdrop: client });

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
