import { shallowRef } from 'vue'
import type { Api } from '../api'
import type { QuickReply } from '../protocol'

/** What stands behind the slash right before the caret, or null when there is no such slash. */
export function slashQuery(text: string, caret: number): string | null {
  return /(?:^|\s)\/([^\s/]*)$/.exec(text.slice(0, caret))?.[1] ?? null
}

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, '')

/** How well an entry fits: 0 best, null not at all. */
function rank(reply: QuickReply, wanted: string): number | null {
  const [title, pinyin, initials] = [plain(reply.title), plain(reply.pinyin), plain(reply.initials)]
  if (title.startsWith(wanted) || initials === wanted) return 0
  if (initials.startsWith(wanted) || pinyin.startsWith(wanted)) return 1
  if (title.includes(wanted)) return 2
  if (initials.includes(wanted) || pinyin.includes(wanted)) return 3
  if (plain(reply.group).includes(wanted)) return 4
  return plain(reply.text).includes(wanted) ? 5 : null
}

/** By title, full pinyin, initials, group or words of the text; the closest first, otherwise in the shop's order. */
export function found(replies: readonly QuickReply[], query: string): QuickReply[] {
  const wanted = plain(query)
  if (!wanted) return [...replies]
  const ranked = replies.flatMap((reply, place) => {
    const score = rank(reply, wanted)
    return score === null ? [] : [{ reply, score, place }]
  })
  return ranked.sort((a, b) => a.score - b.score || a.place - b.place).map(({ reply }) => reply)
}

export const VARIABLES = ['customer', 'order_tail', 'agent', 'shop'] as const
export type Values = Partial<Record<(typeof VARIABLES)[number], string | null>>

/** Fills what is known; what is not stays visible, and must be written by hand before it is sent. */
export function filled(text: string, values: Values): string {
  return text.replace(/\{(customer|order_tail|agent|shop)\}/g, (variable, name: keyof Values) => values[name] ?? variable)
}

/** A variable that nobody has filled. */
export function openVariable(text: string): string | null {
  return /\{(?:customer|order_tail|agent|shop)\}/.exec(text)?.[0] ?? null
}

/** The shop's ready sentences, fetched once. */
export class QuickReplies {
  readonly items = shallowRef<QuickReply[]>([])
  readonly failed = shallowRef(false)
  #shop = ''

  constructor(readonly api: Api) {}

  get shop(): string {
    return this.#shop
  }

  async load(): Promise<void> {
    try {
      const { items, shop } = await this.api.quickReplies()
      this.items.value = items
      this.#shop = shop ?? ''
      this.failed.value = false
    } catch {
      this.failed.value = true
    }
  }
}
