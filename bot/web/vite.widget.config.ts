import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** The embeddable widget: one self-contained script that defines the `<shop-chat>` element. */
export default defineConfig({
  plugins: [vue({ features: { customElement: true, optionsAPI: false } })],
  define: { 'process.env.NODE_ENV': '"production"' },
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: false, // the demo page lives beside it
    target: ['chrome87', 'safari14', 'firefox91'],
    lib: { entry: 'widget/main.ts', formats: ['iife'], name: 'ShopChat', fileName: () => 'widget.js' },
  },
})
