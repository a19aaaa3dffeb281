import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

/** Every locale but Chinese, as a file of its own beside the script: only who reads it loads it. */
export function localeFiles(...names: string[]): Plugin {
  return {
    name: 'locale-files',
    generateBundle() {
      for (const name of names) {
        const { widget } = JSON.parse(readFileSync(`locales/${name}.json`, 'utf-8')) as { widget: object }
        this.emitFile({ type: 'asset', fileName: `widget/${name}.json`, source: JSON.stringify(widget) })
      }
    },
  }
}
