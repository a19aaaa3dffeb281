import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { websocketOnly } from './bundling/websocket-only.ts'

const env = { TZ: 'Asia/Shanghai' }

/** The widget's session is tested over the same connection that shoppers get, the console over the one that agents get. */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [vue(), websocketOnly()],
        test: {
          name: 'widget',
          include: ['tests/*.test.ts'],
          env,
          server: { deps: { inline: ['socket.io-client', 'socket.io-parser'] } },
        },
      },
      { plugins: [vue()], test: { name: 'console', include: ['tests/console/*.test.ts'], env } },
    ],
  },
})
