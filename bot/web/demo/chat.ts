import type { ShopChatElement } from '../widget/element'

/** What the page tells the widget about the product that is being looked at. */
export interface LookedAt {
  sku: string
  name: string
  price: string
  url: string
}

/** How the widget may be dressed. */
export interface Dress {
  theme: 'light' | 'dark' | 'auto'
  elder: boolean
  lang: 'zh-CN' | 'en'
}

/** With the parts of the interface that an older build of the widget lacks. */
type Chat = ShopChatElement & { product?: (product: LookedAt | null) => void }
interface Api {
  ShopChat?: { set?: (dress: Partial<Dress>) => void }
}

let element: Chat | null = null
let lookedAt: LookedAt | null = null

/**
 * Sets who is chatting. The first call also puts the widget on the page, so that it never connects as somebody else
 * before the shopper is known.
 */
export async function identify(token: string | null): Promise<void> {
  await customElements.whenDefined('shop-chat')
  const chat: Chat = element ?? document.querySelector('shop-chat') ?? document.createElement('shop-chat')
  chat.identify(token)
  element = chat
  if (!chat.isConnected) document.body.append(chat)
  chat.product?.(lookedAt)
}

export function openChat(): void {
  element?.open()
}

export function say(sentence: string): void {
  element?.open()
  element?.send(sentence)
}

/** Tells the widget what is being looked at; null: nothing in particular. */
export function lookAt(product: LookedAt | null): void {
  lookedAt = product
  element?.product?.(product)
}

export function dress(dress: Partial<Dress>): void {
  ;(window as unknown as Api).ShopChat?.set?.(dress)
}
