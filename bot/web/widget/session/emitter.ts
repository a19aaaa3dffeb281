/** What a host page can listen to. */
export type ChatEvent = 'ready' | 'open' | 'close' | 'message' | 'unread' | 'owner' | 'error'
export type Listener = (detail?: unknown) => void

export class Emitter {
  private readonly listeners = new Map<ChatEvent, Set<Listener>>()

  /** Returns what ends the listening. */
  on(event: ChatEvent, listener: Listener): () => void {
    const known = this.listeners.get(event) ?? new Set()
    this.listeners.set(event, known.add(listener))
    return () => {
      known.delete(listener)
    }
  }

  /** A listener that throws is the host page's matter and stops nothing here. */
  emit(event: ChatEvent, detail?: unknown): void {
    for (const listener of this.listeners.get(event) ?? []) {
      try {
        listener(detail)
      } catch (error) {
        reportError(error)
      }
    }
  }
}
