import { computed, ref, shallowRef } from 'vue'
import type { Message, ServiceState, Welcome } from '../protocol'
import { newClientId } from './client-id'
import { Connection } from './connection'
import { readSeen, readVisitor, writeSeen, writeVisitor } from './storage'
import * as timeline from './timeline'
import type { Draft, Entry } from './timeline'
import { UploadTray } from './uploads'

/** Milliseconds after which "typing" is no longer believed. */
export const TYPING_EXPIRY = 10_000
/** Characters; longer messages are refused here, since the connection would break on them. */
export const MAX_TEXT = 20_000

/** `online` only from the service's welcome on. */
export type Link = 'connecting' | 'online' | 'reconnecting' | 'offline' | 'refused'

const UNKNOWN_STATE: ServiceState = { owner: 'bot', agent_name: null, position: null, hours: '', open: true }

/** One shopper's side of the conversation: what is shown, what waits to be sent, and the connection behind it. */
export class ChatSession {
  readonly entries = shallowRef<Entry[]>([])
  readonly state = shallowRef<ServiceState>(UNKNOWN_STATE)
  readonly link = ref<Link>('connecting')
  readonly shopName = ref('')
  readonly customerName = ref<string | null>(null)
  readonly chips = shallowRef<string[]>([])
  readonly hasMore = ref(false)
  readonly loadingOlder = ref(false)
  readonly typing = ref(false)
  readonly draft = ref('')
  readonly uploads = new UploadTray({ server: () => this.server, bearer: () => this.#token ?? readVisitor() })
  readonly unread = computed(() => timeline.countUnread(this.entries.value, this.#seenSeq.value))
  readonly settled = computed(() => timeline.settledOffers(this.entries.value))
  readonly awaitsChoice = computed(() => timeline.endsWithOffer(this.entries.value))

  /** Origin of the service, without a trailing slash. */
  server = ''
  readonly #seenSeq = ref(Number.POSITIVE_INFINITY) // until the first welcome tells what is new
  #sender: string | null = null
  #token: string | null = null
  #connection: Connection | null = null
  #sending = false
  #typingTimer: ReturnType<typeof setTimeout> | undefined

  start(server: string): void {
    this.server = server
    this.link.value = 'connecting'
    const connection: Connection = new Connection(
      server,
      () => ({ token: this.#token, visitor: readVisitor() }),
      {
        welcome: (welcome) => void this.#onWelcome(welcome, connection),
        message: (message) => {
          this.#onMessage(message)
        },
        state: (state) => {
          this.state.value = state
        },
        typing: ({ on }) => {
          this.#showTyping(on)
        },
        lost: () => {
          this.#onLost(this.link.value === 'connecting' ? 'connecting' : 'reconnecting')
        },
        offline: () => {
          this.#onLost('offline')
        },
        refused: () => {
          this.#onLost('refused')
        },
      },
    )
    this.#connection = connection
    connection.open()
  }

  stop(): void {
    this.#connection?.close()
    this.#connection = null
    this.#showTyping(false)
  }

  /** Tries again after the service refused the connection. */
  retryConnection(): void {
    this.stop()
    this.start(this.server)
  }

  /** Becomes another shopper: a signed identity, or null for the anonymous visitor of this browser. */
  identify(token: string | null): void {
    if (token === this.#token) return
    this.#token = token
    const running = this.#connection !== null
    this.stop()
    this.#clear()
    if (running) this.start(this.server)
  }

  /** Shows the message at once and sends it when the connection allows, in the order of writing. */
  send(draft: Draft): void {
    this.entries.value = timeline.append(this.entries.value, draft, newClientId(), new Date().toISOString())
    void this.#sendWaiting()
  }

  /** Sends a failed message again under its old id, so the service never takes it twice. */
  resend(clientId: string): void {
    this.entries.value = timeline.retry(this.entries.value, clientId)
    void this.#sendWaiting()
  }

  async loadOlder(): Promise<void> {
    const before = timeline.earliestSeq(this.entries.value)
    const connection = this.#connection
    if (!connection || before === undefined || !this.hasMore.value || this.loadingOlder.value) return
    this.loadingOlder.value = true
    try {
      const page = await connection.history({ before })
      if (connection !== this.#connection) return
      this.entries.value = timeline.merge(this.entries.value, page.messages)
      this.hasMore.value = page.has_more && page.messages.length > 0
    } catch {
      // The connection broke; scrolling up asks again.
    } finally {
      this.loadingOlder.value = false
    }
  }

  /** Everything received so far has been in front of the customer's eyes. */
  markSeen(): void {
    const latest = timeline.latestSeq(this.entries.value)
    if (this.#sender === null || latest === this.#seenSeq.value) return
    this.#seenSeq.value = latest
    writeSeen(this.#sender, latest)
  }

  async #onWelcome(welcome: Welcome, connection: Connection): Promise<void> {
    const { sender, ...state } = welcome.conversation
    if (welcome.visitor) writeVisitor(welcome.visitor)
    this.state.value = state
    this.shopName.value = welcome.shop.name
    this.customerName.value = welcome.customer?.name ?? null
    this.chips.value = welcome.chips
    this.#showTyping(false)

    const shown = sender === this.#sender ? this.entries.value : timeline.unsent(this.entries.value)
    const latestShown = timeline.latestSeq(shown)
    const first = welcome.messages[0]?.seq ?? 0
    const last = welcome.messages[welcome.messages.length - 1]?.seq ?? 0
    const continues = latestShown > 0 && latestShown <= last // otherwise another conversation, or one that was reset
    const kept = continues ? shown : timeline.unsent(shown)
    if (!continues || first <= (timeline.earliestSeq(kept) ?? 0)) this.hasMore.value = welcome.has_more
    this.entries.value = timeline.merge(kept, welcome.messages)
    if (!continues) this.#rememberSeen(sender, last)
    this.#sender = sender
    this.link.value = 'online'

    const sending = this.#sendWaiting()
    if (continues && welcome.has_more && latestShown + 1 < first) await this.#fillGap(connection, latestShown, first)
    await sending
  }

  /** Fetches what was missed between the last message shown and the first one of the welcome. */
  async #fillGap(connection: Connection, after: number, first: number): Promise<void> {
    try {
      for (let from = after, more = true; more && from + 1 < first; ) {
        const page = await connection.history({ after: from })
        if (connection !== this.#connection) return
        this.entries.value = timeline.merge(this.entries.value, page.messages)
        const reached = page.messages[page.messages.length - 1]?.seq ?? from
        more = page.has_more && reached > from
        from = reached
      }
    } catch {
      // The connection broke again: only what is known without a gap stays, scrolling up fetches the rest.
      this.entries.value = timeline.since(this.entries.value, first)
      this.hasMore.value = true
    }
  }

  #onMessage(message: Message): void {
    this.entries.value = timeline.merge(this.entries.value, [message])
    if (message.role === 'bot' || message.role === 'agent') this.#showTyping(false)
  }

  #onLost(link: Link): void {
    this.link.value = link
    this.#showTyping(false)
  }

  /** One at a time: the service must receive short lines in the order in which they were written. */
  async #sendWaiting(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    try {
      for (let entry = this.#nextToSend(); entry; entry = this.#nextToSend()) await this.#deliver(entry)
    } finally {
      this.#sending = false
    }
  }

  #nextToSend(): Entry | undefined {
    return this.link.value === 'online' ? timeline.nextToSend(this.entries.value) : undefined
  }

  async #deliver(entry: Entry): Promise<void> {
    const connection = this.#connection
    if (!connection) return
    if (entry.text.length > MAX_TEXT) {
      this.#fail(entry.key, 'too_large')
      return
    }
    const attachments = entry.attachments?.map(({ id }) => id)
    try {
      const answer = await connection.send({
        client_id: entry.key,
        text: entry.text,
        ...(entry.payload === undefined ? {} : { payload: entry.payload }),
        ...(attachments?.length ? { attachments } : {}),
      })
      if (answer.ok) this.entries.value = timeline.accept(this.entries.value, entry.key, answer)
      else this.#fail(entry.key, answer.error.code)
    } catch {
      // No answer on a living connection is a failure; after a broken one the message waits for the next welcome.
      if (connection === this.#connection && this.link.value === 'online') this.#fail(entry.key, 'unanswered')
    }
  }

  #fail(key: string, failure: timeline.Failure): void {
    this.entries.value = timeline.fail(this.entries.value, key, failure)
  }

  #showTyping(on: boolean): void {
    clearTimeout(this.#typingTimer)
    this.typing.value = on
    if (on) this.#typingTimer = setTimeout(() => (this.typing.value = false), TYPING_EXPIRY)
  }

  /** What this browser never saw before counts as seen: a first visit must not open with a number. */
  #rememberSeen(sender: string, last: number): void {
    const seen = readSeen(sender)
    this.#seenSeq.value = seen === null || seen > last ? last : seen
    writeSeen(sender, this.#seenSeq.value)
  }

  #clear(): void {
    this.entries.value = []
    this.state.value = UNKNOWN_STATE
    this.customerName.value = null
    this.chips.value = []
    this.hasMore.value = false
    this.draft.value = ''
    this.uploads.clear()
    this.#sender = null
    this.#seenSeq.value = Number.POSITIVE_INFINITY
  }
}
