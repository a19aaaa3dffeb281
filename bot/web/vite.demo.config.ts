import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const service = process.env.SERVICE_URL ?? 'http://127.0.0.1:8000'

/** The demo shop's page; `npm run dev` takes everything that is not the page itself from a running service. */
export default defineConfig({
  root: 'demo',
  plugins: [vue({ features: { optionsAPI: false } })],
  build: {
    outDir: '../dist/demo',
    emptyOutDir: true,
    target: ['chrome87', 'safari14', 'firefox91'],
    assetsInlineLimit: 0,
  },
  server: {
    proxy: {
      '^/(demo/|api/|widget\\.js$)': service,
      '/socket.io': { target: service, ws: true },
    },
  },
})
