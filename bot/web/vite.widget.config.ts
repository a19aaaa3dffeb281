import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { inlineStyles } from './bundling/inline-styles.ts'
import { localeFiles } from './bundling/locale-files.ts'
import { sizeLimit } from './bundling/size-limit.ts'
import { websocketOnly } from './bundling/websocket-only.ts'

/** Bytes, gzipped: all that a shopper ever loads. */
const MOST = 60_000

/** The embeddable widget: one self-contained script that defines the `<shop-chat>` element. */
export default defineConfig({
  plugins: [vue({ features: { optionsAPI: false } }), websocketOnly(), inlineStyles(), localeFiles('en'), sizeLimit(MOST)],
  define: {
    'process.env.NODE_ENV': '"production"',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: false, // the demo page lives beside it
    target: ['chrome87', 'safari14', 'firefox91'],
    lib: { entry: 'widget/main.ts', formats: ['iife'], name: 'ShopChatWidget', fileName: () => 'widget.js' },
    cssCodeSplit: false,
    reportCompressedSize: false,
    minify: 'terser',
    terserOptions: { toplevel: true, compress: { passes: 3, ecma: 2020 }, format: { ecma: 2020, comments: false } },
  },
})
