import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const service = process.env.SERVICE_URL ?? 'http://127.0.0.1:8000'

/** The agents' console, served under /console. What it stands on is kept in chunks of its own: they change seldom. */
export default defineConfig({
  root: 'console',
  base: '/console/',
  plugins: [vue({ features: { optionsAPI: true } })],
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    target: ['chrome111', 'safari16.4', 'firefox113'],
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'vue', test: /node_modules[\\/](@vue|vue)[\\/]/ },
            { name: 'element', test: /node_modules[\\/](element-plus|@element-plus|@vueuse|@popperjs|@floating-ui|lodash|async-validator|dayjs)/ },
            { name: 'live', test: /node_modules[\\/](socket\.io|engine\.io|@socket\.io|@tanstack)/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': service,
      '/socket.io': { target: service, ws: true },
    },
  },
})
