// First, so that the styles of a view come after those they build upon.
import './shared/tokens.css';
import './shared/base.css';
import './app/shell.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { remember, remembered } from './shared/memory.js';
import { App } from './app/App.js';

// After an update of the server the parts of the page that is open are gone: the new page is asked for, once.
addEventListener('vite:preloadError', () => {
  const RELOAD_PAUSE_MS = 60_000;
  if (Date.now() - Number(remembered('reloadedAt') ?? 0) < RELOAD_PAUSE_MS) return;
  remember('reloadedAt', String(Date.now()));
  location.reload();
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
