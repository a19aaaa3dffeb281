/** What this browser remembers. Where storage is forbidden or full nothing is remembered, and nothing fails. */

type Kind = 'local' | 'tab'

const storage = (kind: Kind): Storage => (kind === 'local' ? localStorage : sessionStorage)

export function remembered<T>(key: string, kind: Kind = 'local'): T | null {
  try {
    const text = storage(kind).getItem(`desk:${key}`)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}

export function remember(key: string, value: unknown, kind: Kind = 'local'): void {
  try {
    if (value === null || value === undefined) storage(kind).removeItem(`desk:${key}`)
    else storage(kind).setItem(`desk:${key}`, JSON.stringify(value))
  } catch {
    // The desk works on without memory.
  }
}
