import { defineConfig } from 'vite'

/** The API reference: Swagger UI, served from here; its specification stands beside the handlers in bot/http/openapi.yml. */
export default defineConfig({
  root: 'docs',
  base: '/docs/',
  build: {
    outDir: '../dist/docs',
    emptyOutDir: true,
    chunkSizeWarningLimit: 2000,
  },
})
