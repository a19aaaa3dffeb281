type KeyPress = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'isComposing' | 'keyCode'>

/** An input method is composing: the key belongs to it. 229 is what Safari and older engines report then. */
export function isComposing(event: Pick<KeyPress, 'isComposing' | 'keyCode'>): boolean {
  return event.isComposing || event.keyCode === 229
}

export function isSendKey(event: KeyPress): boolean {
  return event.key === 'Enter' && !event.shiftKey && !isComposing(event)
}
