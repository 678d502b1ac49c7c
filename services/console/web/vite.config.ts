import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npx vite build services/console/web` makes `services/console/dist-web`, which the console serves. */
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../dist-web',
    emptyOutDir: true,
    // No data: URLs: the content security policy has none.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
