import { createApp, ref, type App } from 'vue'
import { attach } from './api'
import { Look, type LookChoice, type Theme } from './look'
import type { Product } from './protocol'
import { script } from './script'
import type { ChatEvent, Listener } from './session/emitter'
import { ChatSession } from './session/session'
import ShopChat from './ShopChat.vue'
import { dress } from './styles'

/**
 * `<shop-chat>`: the customer's chat. It takes no room in the page.
 *
 * Attributes: `data-server` (origin of the service, the page's own by default), `data-shop`, `data-token` (a signed
 * identity), `data-title`, `data-lang` (`zh-CN`, `en`), `data-theme` (`light`, `dark`, `auto`), `data-elder`,
 * `data-brand` (a hex colour), `data-bottom` (pixels above the lower edge, to clear a buy bar).
 */
export class ShopChatElement extends HTMLElement {
  static readonly observedAttributes = ['lang', 'theme', 'elder', 'brand', 'bottom', 'title'].map((name) => `data-${name}`)
  readonly session = new ChatSession()
  readonly look = new Look()
  readonly opened = ref(false)
  private app: App | null = null

  get server(): string {
    return new URL(this.dataset.server ?? '', location.origin).origin
  }

  connectedCallback(): void {
    if (this.app) return
    const { shop, token } = this.dataset
    this.session.shop = shop
    if (token) this.identify(token)
    this.attributeChangedCallback()
    let root = this.shadowRoot
    if (!root) dress((root = this.attachShadow({ mode: 'open' })))
    const place = document.createElement('div')
    root.append(place)
    this.app = createApp(ShopChat, { host: this })
    this.app.mount(place)
    attach(this)
  }

  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected) return // it only moved
      this.app?.unmount()
      this.app = null
      this.shadowRoot?.querySelector('div')?.remove()
    })
  }

  attributeChangedCallback(): void {
    const { lang = document.documentElement.lang, theme = 'auto', elder, brand, bottom, title } = this.dataset
    const { look } = this
    look.base = script?.src ?? `${this.server}/`
    look.brand.value = brand
    look.bottom.value = bottom
    look.title.value = title ?? ''
    look.give({ lang: /^en/i.test(lang) ? 'en' : 'zh-CN', theme: theme as Theme, elder: elder !== undefined && elder !== 'false' })
  }

  /** Switches the shopper: a signed identity from the shop's server, or null for an anonymous visitor. */
  identify(token: string | null): void {
    this.session.identify(token)
  }

  open(): void {
    this.opened.value = true
  }

  close(): void {
    this.opened.value = false
  }

  toggle(): void {
    this.opened.value = !this.opened.value
  }

  /** Says something in the customer's name, as if it had been typed. */
  send(text: string): void {
    this.session.send({ text })
  }

  /** What the page shows now: the customer can send it with one tap. Null when it is no page of a product. */
  product(product: Product | null): void {
    this.session.product.value = product
  }

  /** Returns what ends the listening. */
  on(event: ChatEvent, listener: Listener): () => void {
    return this.session.events.on(event, listener)
  }

  /** Language and look; the browser remembers them, like the customer's own choice. */
  set(look: LookChoice): void {
    this.look.choose(look)
  }
}
