/** The style sheet of all components; the build puts it here. */
const CSS = '__SHOP_CHAT_STYLES__'

/** Dresses a shadow root. A constructed sheet needs no leave of the host page's Content-Security-Policy. */
export function dress(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(CSS)
    root.adoptedStyleSheets = [sheet]
  } catch {
    const style = document.createElement('style') // before Safari 16.4 and Firefox 101
    style.textContent = CSS
    root.append(style)
  }
}
