import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { websocketOnly } from './bundling/websocket-only.ts'

/** The session is tested over the same connection that shoppers get. */
export default defineConfig({
  plugins: [vue(), websocketOnly()],
  test: {
    include: ['tests/**/*.test.ts'],
    env: { TZ: 'Asia/Shanghai' },
    server: { deps: { inline: ['socket.io-client', 'socket.io-parser'] } },
  },
})
