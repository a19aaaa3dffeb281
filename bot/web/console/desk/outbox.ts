import { shallowRef } from 'vue'
import type { Acknowledgement, Attachment, Message, Outgoing, Refusal } from '../protocol'
import { newClientId } from '../../widget/session/client-id'
import { remember, remembered } from './storage'
import type { Pending } from './timeline'

interface Wire {
  readonly online: () => boolean
  /** Rejects when the outcome is unknown. */
  readonly send: (message: Outgoing) => Promise<Acknowledgement>
}

/** Own lines on their way to the service: one after the other, each under its own id, until it is accepted or refused. */
export class Outbox {
  readonly pending = shallowRef<Pending[]>([])
  /** Told what the service accepted, before its echo. */
  onAccepted: (conversation: string, message: Message) => void = () => undefined
  readonly #wire: Wire
  #account: number | null = null
  #sending = false

  constructor(wire: Wire) {
    this.#wire = wire
  }

  /** One agent's lines are never sent in the name of another who logs in later. */
  belongTo(account: number | null): void {
    this.#account = account
    this.pending.value = account === null ? [] : (remembered<Pending[]>(this.#key(), 'tab') ?? [])
  }

  send(conversation_id: string, text: string, attachments: Attachment[], after: number): void {
    const at = new Date().toISOString()
    const line: Pending = { conversation_id, client_id: newClientId(), text, at, after, attachments }
    this.#set([...this.pending.value, line])
    void this.flush()
  }

  /** Sends a failed line again, now as the newest; under its old id, so that it is never taken twice. */
  retry(clientId: string, after: number): void {
    const failed = this.pending.value.find(({ client_id }) => client_id === clientId)
    if (!failed?.failure) return
    const line: Pending = { ...failed, after }
    delete line.failure
    delete line.refusal
    this.#set([...this.pending.value.filter((other) => other !== failed), line])
    void this.flush()
  }

  drop(clientId: string): void {
    this.#set(this.pending.value.filter(({ client_id }) => client_id !== clientId))
  }

  async flush(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    try {
      for (let line = this.#next(); line; line = this.#next()) await this.#deliver(line)
    } finally {
      this.#sending = false
    }
  }

  #next(): Pending | undefined {
    return this.#wire.online() ? this.pending.value.find(({ failure }) => !failure) : undefined
  }

  async #deliver(line: Pending): Promise<void> {
    const { conversation_id, client_id, text, attachments } = line
    const ids = attachments.map(({ id }) => id)
    try {
      const answer = await this.#wire.send({ conversation_id, client_id, text, ...(ids.length ? { attachments: ids } : {}) })
      if (!answer.ok) {
        this.#fail(client_id, answer.error.code, answer.error.detail)
        return
      }
      const { seq, at } = answer
      const shown = attachments.length ? { attachments } : {}
      this.onAccepted(conversation_id, { seq, at, role: 'agent', text, client_id, ...shown })
      this.drop(client_id)
    } catch {
      // No answer on a living connection is a failure; after a broken one the line waits for the next connection.
      if (this.#wire.online()) this.#fail(client_id, 'unanswered')
    }
  }

  #fail(clientId: string, failure: string, refusal?: Refusal): void {
    const failed = { failure, ...(refusal ? { refusal } : {}) }
    this.#set(this.pending.value.map((line) => (line.client_id === clientId ? { ...line, ...failed } : line)))
  }

  #set(pending: Pending[]): void {
    this.pending.value = pending
    remember(this.#key(), pending.length ? pending : null, 'tab')
  }

  #key(): string {
    return `outbox:${this.#account}`
  }
}
