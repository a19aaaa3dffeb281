import { isComposing } from '../../widget/keys'
import type { SendKey } from './settings'

type Press = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'keyCode'>

/** Whether this key sends what was written. Never while an input method composes. */
export function sends(event: Press, chosen: SendKey): boolean {
  if (event.key !== 'Enter' || isComposing(event) || event.altKey) return false
  const held = event.ctrlKey || event.metaKey
  return chosen === 'mod-enter' ? held && !event.shiftKey : !held && !event.shiftKey
}

export type Shortcut = 'next' | 'previous' | 'reply' | 'note' | 'transfer' | 'end' | 'help' | 'escape'

const SHORTCUTS: Record<string, Shortcut> = {
  j: 'next',
  k: 'previous',
  r: 'reply',
  n: 'note',
  t: 'transfer',
  e: 'end',
  '?': 'help',
  [String.fromCodePoint(0xff1f)]: 'help', // the question mark of a Chinese keyboard
}

interface Place {
  tagName?: string
  isContentEditable?: boolean
}

/** Fields in which keys are letters. */
export function isField(target: Place | null): boolean {
  return target !== null && (target.isContentEditable === true || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName ?? ''))
}

/** The desk's command behind a key; none while typing (but for Esc) or composing, none with a modifier. */
export function shortcutOf(event: Press, target: Place | null): Shortcut | null {
  if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return null
  if (event.key === 'Escape') return 'escape'
  return isField(target) ? null : (SHORTCUTS[event.key.toLowerCase()] ?? null)
}
