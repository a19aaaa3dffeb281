import type { ShopChatElement } from '../widget/element'

let element: ShopChatElement | null = null

/**
 * Sets who is chatting. The first call also puts the widget on the page, so that it never connects as somebody else
 * before the shopper is known.
 */
export async function identify(token: string | null): Promise<void> {
  await customElements.whenDefined('shop-chat')
  const chat = element ?? document.createElement('shop-chat')
  chat.identify(token)
  element = chat
  if (!chat.isConnected) document.body.append(chat)
}

export function say(sentence: string): void {
  element?.open()
  element?.send(sentence)
}
