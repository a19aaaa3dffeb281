/** What this browser remembers. Some embedded browsers forbid storage: then nothing is remembered, and nothing fails. */

const VISITOR = 'shop-chat:visitor'
const SEEN = 'shop-chat:seen:'
const LOOK = 'shop-chat:look'

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Private mode or a full disk: the conversation goes on without memory.
  }
}

export const readVisitor = (): string | null => read(VISITOR)
export const writeVisitor = (visitor: string): void => {
  write(VISITOR, visitor)
}

/** The last `seq` that was seen in a sender's conversation, null when this browser never saw it. */
export function readSeen(sender: string): number | null {
  const seq = Number.parseInt(read(SEEN + sender) ?? '', 10)
  return Number.isNaN(seq) ? null : seq
}

export const writeSeen = (sender: string, seq: number): void => {
  write(SEEN + sender, String(seq))
}

/** How this customer likes the chat to look, as it was last chosen here. */
export function readLook(): object {
  try {
    return JSON.parse(read(LOOK) ?? '{}') as object
  } catch {
    return {}
  }
}

export const writeLook = (look: object): void => {
  write(LOOK, JSON.stringify(look))
}
