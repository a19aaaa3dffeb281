import { install } from './api'
import { ShopChatElement } from './element'
import { script } from './script'

if (!customElements.get('shop-chat')) {
  customElements.define('shop-chat', ShopChatElement)
  install()
  if (script?.dataset.shop !== undefined) {
    const chat = document.createElement('shop-chat')
    Object.assign(chat.dataset, { server: script.src }, script.dataset)
    const show = (): void => document.body.append(chat)
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', show)
    else show()
  }
}
