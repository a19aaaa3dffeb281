import { defineCustomElement, ref } from 'vue'
import { ChatSession } from './session/session'
import ShopChat from './ShopChat.vue'

const VueElement = defineCustomElement(ShopChat)

/**
 * `<shop-chat>`: the customer's chat.
 *
 * Attribute `data-server`: origin of the service, the page's own by default.
 * The look follows `--shop-chat-brand`, `--shop-chat-brand-strong`, `--shop-chat-brand-soft` and `--shop-chat-bottom`.
 */
export class ShopChatElement extends VueElement {
  readonly session = new ChatSession()
  readonly opened = ref(false)

  get server(): string {
    return new URL(this.dataset.server ?? '', location.origin).origin
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

  /** Says something in the customer's name, as if it had been typed. */
  send(text: string): void {
    this.session.send({ text })
  }
}
