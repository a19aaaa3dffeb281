import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue({ features: { customElement: true } })],
  test: { include: ['tests/**/*.test.ts'], env: { TZ: 'Asia/Shanghai' } },
})
