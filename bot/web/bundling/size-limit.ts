import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Fails the build when the script, gzipped, is larger than a shopper's first visit should cost. */
export function sizeLimit(bytes: number): Plugin {
  return {
    name: 'size-limit',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== 'chunk') continue
          const size = gzipSync(file.code, { level: 9 }).length
          this.info(`${file.fileName}: ${size} bytes gzipped of ${bytes}`)
          if (size > bytes) this.error(`${file.fileName} is ${size} bytes gzipped, ${bytes} are allowed`)
        }
      },
    },
  }
}
