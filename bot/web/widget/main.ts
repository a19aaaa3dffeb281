import { ShopChatElement } from './element'

if (!customElements.get('shop-chat')) customElements.define('shop-chat', ShopChatElement)
