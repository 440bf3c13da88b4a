import { defineConfig } from 'vite';

/** Where `signalbox start` serves REST and the stream unless told otherwise. */
const CONTROLLER = 'http://127.0.0.1:8080';

export default defineConfig({
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inlined and no polyfill: the page must work under a strict content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '/api': { target: CONTROLLER, ws: true } },
  },
});
