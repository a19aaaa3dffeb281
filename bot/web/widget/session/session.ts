import { computed, ref, shallowRef } from 'vue'
import type { Message, Product, ServiceState, Signals, Welcome } from '../protocol'
import { newClientId } from './client-id'
import { Connection } from './connection'
import { EarlyNews } from './early-news'
import { Emitter } from './emitter'
import { evidenceName } from './evidence-name'
import { readSeen, readVisitor, writeSeen, writeVisitor } from './storage'
import * as timeline from './timeline'
import type { Draft, Entry } from './timeline'
import { OwnTyping, TypingSign } from './typing'
import { UNKNOWN_STATE } from './unknown-state'
import { UploadTray } from './uploads'
import { Wishes } from './wishes'

/** Characters; longer messages are refused here, since the connection would break on them. */
export const MAX_TEXT = 20_000

/** `online` only from the service's welcome on. */
export type Link = 'connecting' | 'online' | 'reconnecting' | 'offline' | 'refused'

/** One shopper's side of the conversation: what is shown, what waits to be sent, and the connection behind it. */
export class ChatSession {
  readonly entries = shallowRef<Entry[]>([])
  readonly state = shallowRef<ServiceState>(UNKNOWN_STATE)
  readonly link = ref<Link>('connecting')
  readonly shopName = ref('')
  readonly consent = ref('')
  readonly customerName = ref<string | null>(null)
  readonly chips = shallowRef<string[]>([])
  /** What the host page shows; null when there is nothing, or the customer does not want to send it. */
  readonly product = shallowRef<Product | null>(null)
  readonly hasMore = ref(false)
  readonly loadingOlder = ref(false)
  readonly draft = ref('')
  readonly events = new Emitter()
  readonly unread = computed(() => timeline.countUnread(this.entries.value, this.seenSeq.value))
  readonly settled = computed(() => timeline.settledOffers(this.entries.value))
  readonly awaitsChoice = computed(() => timeline.endsWithOffer(this.entries.value))
  /** The customer has said something already. */
  readonly begun = computed(() => this.entries.value.some(({ role }) => role === 'customer'))
  readonly uploads = this.newTray()
  readonly wishes = new Wishes((name, data) => this.connection?.ask(name, data) ?? Promise.reject(new Error('offline')))

  /** Origin of the service, without a trailing slash. */
  server = ''
  /** Which shop, where the service serves several. */
  shop: string | undefined
  private readonly sign = new TypingSign()
  readonly typing = this.sign.on
  readonly typingBy = this.sign.by
  private readonly own = new OwnTyping((on) => { this.tell('typing', { on }) })
  private readonly seenSeq = ref(Number.POSITIVE_INFINITY) // until the first welcome tells what is new
  private sender: string | null = null
  private token: string | null = null
  private connection: Connection | null = null
  private sending = false
  private ready = false
  private readonly early = new EarlyNews()

  start(server: string): void {
    if (this.connection) return
    this.server = server
    this.onLost('connecting')
    const connection: Connection = new Connection(
      server,
      () => ({ token: this.token, visitor: readVisitor(), ...(this.shop ? { shop: this.shop } : {}) }),
      {
        welcome: (welcome) => void this.onWelcome(welcome, connection),
        message: this.early.after(this.onMessage),
        state: this.early.after(this.setState),
        typing: this.early.after(({ on, by }) => { this.sign.show(on, by) }),
        seen: this.early.after(({ seq }) => {
          if (seq > this.state.value.staff_seen) this.state.value = { ...this.state.value, staff_seen: seq }
        }),
        survey: this.early.after((survey) => { this.wishes.survey.value = survey }),
      },
      {
        lost: () => { this.onLost(this.link.value === 'connecting' ? 'connecting' : 'reconnecting') },
        offline: () => { this.onLost('offline') },
        refused: () => {
          this.onLost('refused')
          this.events.emit('error', { code: 'refused' })
        },
      },
    )
    this.connection = connection
    connection.open()
  }

  stop(): void {
    this.connection?.close()
    this.connection = null
    this.sign.show(false)
  }

  /** Tries again after the service refused the connection. */
  retryConnection(): void {
    this.stop()
    this.start(this.server)
  }

  /** Becomes another shopper: a signed identity, or null for the anonymous visitor of this browser. */
  identify(token: string | null): void {
    if (token === this.token) return
    this.token = token
    const running = this.connection !== null
    this.stop()
    this.clear()
    if (running) this.start(this.server)
  }

  /** Shows the message at once and sends it when the connection allows, in the order of writing. */
  send(draft: Draft): void {
    this.own.ended()
    if (this.state.value.owner === 'closed') this.wishes.survey.value = null // another talk begins
    this.entries.value = timeline.append(this.entries.value, draft, newClientId(), new Date().toISOString())
    void this.sendWaiting()
  }

  /** Sends a failed message again under its old id, so the service never takes it twice. */
  resend(clientId: string): void {
    this.entries.value = timeline.retry(this.entries.value, clientId)
    void this.sendWaiting()
  }

  /** The customer's fingers are on the keys. */
  touched(): void {
    this.own.touched()
  }

  async loadOlder(): Promise<void> {
    const before = timeline.earliestSeq(this.entries.value)
    const connection = this.connection
    if (!connection || before === undefined || !this.hasMore.value || this.loadingOlder.value) return
    this.loadingOlder.value = true
    try {
      const page = await connection.ask('history', { before })
      if (connection !== this.connection) return
      this.entries.value = timeline.merge(this.entries.value, page.messages)
      this.hasMore.value = page.has_more && page.messages.length > 0
    } catch {
      // The connection broke; scrolling up asks again.
    } finally {
      this.loadingOlder.value = false
    }
  }

  /** Files that travel with the next message, or with a form. */
  newTray(): UploadTray {
    return new UploadTray({
      server: () => this.server,
      bearer: () => this.token ?? readVisitor(),
      name: (file) => evidenceName(this.entries.value, file),
    })
  }

  /** Everything received so far has been in front of the customer's eyes. */
  markSeen(): void {
    const latest = timeline.latestSeq(this.entries.value)
    if (this.sender === null || latest === this.seenSeq.value) return
    this.seenSeq.value = latest
    writeSeen(this.sender, latest)
    this.tell('seen', { seq: latest })
  }

  private tell<Name extends keyof Signals>(name: Name, data: Signals[Name]): void {
    if (this.link.value === 'online') this.connection?.tell(name, data)
  }

  private readonly setState = (state: ServiceState): void => {
    if (state.owner !== this.state.value.owner) this.events.emit('owner', state.owner)
    this.state.value = { ...state, staff_seen: Math.max(state.staff_seen, this.state.value.staff_seen) }
  }

  private async onWelcome(welcome: Welcome, connection: Connection): Promise<void> {
    const { sender, ...state } = welcome.conversation
    if (welcome.visitor) writeVisitor(welcome.visitor)
    this.setState(state)
    this.shopName.value = welcome.shop.name
    this.consent.value = welcome.shop.consent
    this.customerName.value = welcome.customer?.name ?? null
    this.chips.value = welcome.chips
    this.wishes.survey.value = welcome.survey
    this.sign.show(false)

    const shown = sender === this.sender ? this.entries.value : timeline.unsent(this.entries.value)
    const latestShown = timeline.latestSeq(shown)
    const first = welcome.messages[0]?.seq ?? 0
    const last = welcome.messages[welcome.messages.length - 1]?.seq ?? 0
    const continues = latestShown > 0 && latestShown <= last // otherwise another conversation, or one that was reset
    const kept = continues ? shown : timeline.unsent(shown)
    if (!continues || first <= (timeline.earliestSeq(kept) ?? 0)) this.hasMore.value = welcome.has_more
    if (!continues) this.state.value = state
    this.entries.value = timeline.merge(kept, welcome.messages)
    if (!continues) this.rememberSeen(sender, last)
    this.sender = sender
    this.link.value = 'online'
    this.early.welcomed()
    if (!this.ready) this.events.emit('ready')
    this.ready = true
    if (this.seenSeq.value > 0) this.tell('seen', { seq: this.seenSeq.value })

    const sending = this.sendWaiting()
    if (continues && welcome.has_more && latestShown + 1 < first) await this.fillGap(connection, latestShown, first)
    await sending
    await this.countBack()
  }

  /** Loads further back while all that is loaded is unread: the launcher says how much there is. */
  private async countBack(): Promise<void> {
    const earliest = timeline.earliestSeq(this.entries.value)
    if (!earliest || earliest <= this.seenSeq.value || this.unread.value > timeline.MOST_UNREAD) return
    await this.loadOlder()
    if (timeline.earliestSeq(this.entries.value) !== earliest) await this.countBack()
  }

  /** Fetches what was missed between the last message shown and the first one of the welcome. */
  private async fillGap(connection: Connection, after: number, first: number): Promise<void> {
    try {
      const missed = await this.wishes.said(after, first)
      if (connection === this.connection) this.entries.value = timeline.merge(this.entries.value, missed)
    } catch {
      // The connection broke again: only what is known without a gap stays, scrolling up fetches the rest.
      this.entries.value = timeline.since(this.entries.value, first)
      this.hasMore.value = true
    }
  }

  private readonly onMessage = (message: Message): void => {
    const known = this.entries.value.some(({ seq }) => seq === message.seq)
    this.entries.value = timeline.merge(this.entries.value, [message])
    if (message.role === 'bot' || message.role === 'agent') this.sign.show(false)
    if (!known && message.role !== 'customer') this.events.emit('message', message)
  }

  private onLost(link: Link): void {
    this.link.value = link
    this.early.restart()
    this.sign.show(false)
  }

  /** One at a time: the service must receive short lines in the order in which they were written. */
  private async sendWaiting(): Promise<void> {
    if (this.sending) return
    this.sending = true
    try {
      for (let entry = this.nextToSend(); entry; entry = this.nextToSend()) await this.deliver(entry)
    } finally {
      this.sending = false
    }
  }

  private nextToSend(): Entry | undefined {
    return this.connection && this.link.value === 'online' ? timeline.nextToSend(this.entries.value) : undefined
  }

  private async deliver(entry: Entry): Promise<void> {
    const connection = this.connection
    if (!connection) return
    if (entry.text.length > MAX_TEXT) {
      this.fail(entry.key, 'too_large')
      return
    }
    try {
      const answer = await connection.ask('message', timeline.outgoing(entry))
      if (answer.ok) this.entries.value = timeline.accept(this.entries.value, entry.key, answer)
      else this.fail(entry.key, answer.error.code)
    } catch {
      // No answer on a living connection is a failure; after a broken one the message waits for the next welcome.
      if (connection === this.connection && this.link.value === 'online') this.fail(entry.key, 'unanswered')
    }
  }

  private fail(key: string, failure: timeline.Failure): void {
    this.entries.value = timeline.fail(this.entries.value, key, failure)
    this.events.emit('error', { code: failure })
  }

  /** What this browser never saw before counts as seen: a first visit must not open with a number. */
  private rememberSeen(sender: string, last: number): void {
    const seen = readSeen(sender)
    this.seenSeq.value = seen === null || seen > last ? last : seen
    writeSeen(sender, this.seenSeq.value)
  }

  private clear(): void {
    this.entries.value = []
    this.state.value = UNKNOWN_STATE
    this.customerName.value = null
    this.chips.value = []
    this.wishes.survey.value = null
    this.hasMore.value = false
    this.draft.value = ''
    this.uploads.clear()
    this.sender = null
    this.seenSeq.value = Number.POSITIVE_INFINITY
  }
}
