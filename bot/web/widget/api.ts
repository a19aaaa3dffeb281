import type { ShopChatElement } from './element'

const METHODS = ['open', 'close', 'toggle', 'identify', 'product', 'send', 'on', 'set'] as const
type Method = (typeof METHODS)[number]
type Call = [Method, ...unknown[]]

declare global {
  interface Window {
    ShopChat?: Record<string, unknown> & { q?: Call[] | { push: (call: Call) => void } }
  }
}

let chat: ShopChatElement | null = null
let waiting: ((chat: ShopChatElement) => void)[] = []

function whenThere(use: (chat: ShopChatElement) => void): void {
  if (chat) use(chat)
  else waiting.push(use)
}

/** From now on the page's calls go to this chat, those that came before it included. */
export function attach(element: ShopChatElement): void {
  chat = element
  const uses = waiting
  waiting = []
  for (const use of uses) use(element)
}

function call([method, ...values]: Call): unknown {
  let end: unknown
  whenThere((element) => {
    end = (element[method] as (...values: unknown[]) => unknown)(...values)
  })
  return method === 'on' ? () => { whenThere(() => { (end as () => void)() }) } : undefined
}

/**
 * `window.ShopChat`: the methods of the element. A page that cannot wait for the script writes
 * `(window.ShopChat = window.ShopChat || { q: [] }).q.push(['open'])`; it is done as soon as the chat is there.
 */
export function install(): void {
  const early = window.ShopChat?.q
  const methods = METHODS.map((method) => [method, (...values: unknown[]) => call([method, ...values])])
  window.ShopChat = { ...Object.fromEntries(methods), q: { push: call } }
  if (Array.isArray(early)) early.forEach(call)
}
