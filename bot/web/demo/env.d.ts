import type { ShopChatElement } from '../widget/element'

declare global {
  interface HTMLElementTagNameMap {
    'shop-chat': ShopChatElement
  }
}
