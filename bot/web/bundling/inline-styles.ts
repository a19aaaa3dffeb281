import type { Plugin } from 'vite'

/** Stands in the source for the style sheet of all components; see widget/styles.ts. */
const PLACEHOLDER = /(["'`])__SHOP_CHAT_STYLES__\1/

/** Puts the extracted, minified CSS into the one script, as a string: a shadow root adopts it without touching the page. */
export function inlineStyles(): Plugin {
  return {
    name: 'inline-styles',
    enforce: 'post',
    generateBundle(_options, bundle) {
      let css = ''
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type !== 'asset' || !name.endsWith('.css')) continue
        css += String(file.source).trim()
        Reflect.deleteProperty(bundle, name)
      }
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue
        if (!PLACEHOLDER.test(file.code)) this.error('the place for the styles is missing')
        file.code = file.code.replace(PLACEHOLDER, () => JSON.stringify(css))
      }
    },
  }
}
