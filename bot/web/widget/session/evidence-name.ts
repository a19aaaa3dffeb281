import type { Entry } from './timeline'
import { texts } from '../texts'

/**
 * The name of a file that the customer sends: the order talked about, then the matter (R393). Null when no order is
 * known; the file then keeps its own name.
 */
export function evidenceName(entries: Entry[], file: Pick<File, 'name'>): string | null {
  const cards = entries.flatMap((entry) => entry.cards ?? []).reverse()
  const order = cards.find(({ type, ref, payload }) => type === 'order' && ref && !payload)?.ref
  if (!order) return null
  const matters: Record<string, string> = texts.upload.matters
  const matter = cards.map(({ type }) => matters[type]).find(Boolean) ?? ''
  return order + matter + (/\.\w+$/.exec(file.name)?.[0] ?? '')
}
