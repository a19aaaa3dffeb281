import { computed, inject, provide, watch, type InjectionKey } from 'vue'
import { Api, ApiError } from '../api'
import type { Colleague, Row, Ticket } from '../protocol'
import { Alerts } from './alerts'
import { Clock } from './clock'
import { Commands } from './commands'
import { Connection } from './connection'
import { Drafts } from './drafts'
import { Offers } from './offers'
import { Outbox } from './outbox'
import { QuickReplies } from './quick-replies'
import { Rows } from './rows'
import type { Session } from './session'
import { useSettings } from './settings'
import { isMine } from './may'
import { nextInLine } from './sorting'
import { Talk } from './talk'
import { TicketFiles } from './ticket-files'
import { Uploads } from './uploads'

/** Everything that one agent works with, and how the parts hear of each other. */
export class Desk {
  readonly clock = new Clock()
  readonly settings = useSettings()
  readonly drafts = new Drafts()
  readonly commands = new Commands()
  readonly connection: Connection
  readonly rows: Rows
  readonly outbox: Outbox
  readonly talk: Talk
  readonly files: TicketFiles
  readonly quickReplies: QuickReplies
  readonly uploads: Uploads
  readonly offers: Offers
  readonly alerts: Alerts
  readonly link = computed(() => this.connection.link.value)
  #seen = '' // conversation and line last told as seen
  readonly online = computed(() => this.link.value === 'online')

  constructor(
    readonly api: Api,
    readonly session: Session,
  ) {
    this.connection = new Connection(api.origin)
    this.rows = new Rows(api)
    this.outbox = new Outbox({
      online: () => this.online.value,
      send: (message) => this.connection.send(message),
    })
    this.talk = new Talk(api, this.outbox.pending)
    this.files = new TicketFiles(api)
    this.quickReplies = new QuickReplies(api)
    this.uploads = new Uploads(api)
    this.offers = new Offers(this.rows, this.clock)
    this.alerts = new Alerts(this.rows, this.clock, this.settings)
    this.#wire()
  }

  start(): void {
    this.clock.start()
    this.alerts.start()
    this.resume()
  }

  stop(): void {
    this.alerts.stop()
    this.connection.close()
    this.clock.stop()
    this.talk.leave()
    this.rows.clear()
  }

  /** Nobody is logged in: what is on the desk stays, nothing is asked of the service. */
  pause(): void {
    this.connection.close()
  }

  resume(): void {
    this.connection.open()
    void this.rows.refresh()
    void this.quickReplies.load()
  }

  async open(id: string | null): Promise<void> {
    this.connection.say('view', { conversation_id: id })
    if (id === null) this.talk.leave()
    else await this.talk.open(id)
  }

  /** Everything up to here has been in front of the agent's eyes. */
  markSeen(seq: number): void {
    const id = this.talk.id.value
    const told = `${id} ${seq}`
    if (id === null || seq === 0 || told === this.#seen || !this.online.value) return
    this.#seen = told
    this.connection.say('seen', { conversation_id: id, seq })
    const row = this.rows.known.value.get(id)
    if (row && isMine(row, this.session.account.value)) this.rows.markRead(id)
  }

  async accept(id: string): Promise<void> {
    await this.#act(() => this.api.accept(id))
    this.#follow()
  }

  /** Takes the next one in line; when a colleague was faster, the one after. Null when nobody waits. */
  async acceptNext(): Promise<string | null> {
    const rows = new Map(this.rows.known.value)
    for (let row = this.#next(rows); row; row = this.#next(rows)) {
      const { id } = row
      try {
        await this.accept(id)
        return id
      } catch (error) {
        if (!(error instanceof ApiError) || (error.status !== 409 && error.status !== 404)) throw error
        rows.delete(id)
      }
    }
    void this.rows.refresh()
    return null
  }

  decline = (id: string): Promise<void> => this.#act(() => this.api.decline(id))
  giveBack = (id: string): Promise<void> => this.#act(() => this.api.giveBack(id))
  close = (id: string, reason: string): Promise<void> => this.#act(() => this.api.close(id, reason))
  transfer = (id: string, to: number | null, reason: string): Promise<void> =>
    this.#act(() => this.api.transfer(id, to, reason))
  inviteSurvey = (id: string): Promise<void> => this.#act(() => this.api.inviteSurvey(id))

  /** Does something with a ticket; what the service answers is shown at once, its clocks and log follow. */
  async work(deed: Promise<Ticket>): Promise<void> {
    const ticket = await deed
    this.talk.onTicket(ticket.conversation_id, ticket)
    this.files.onTicket(ticket)
  }

  async colleagues(): Promise<Colleague[]> {
    const { items } = await this.api.colleagues()
    const mine = this.session.account.value?.id
    return items.filter(({ id }) => id !== mine).sort((a, b) => Number(b.online) - Number(a.online) || a.load - b.load)
  }

  /** Whoever was taken from the queue is found among one's own. */
  #follow(): void {
    if (this.rows.view.value === 'queue') void this.rows.show('mine')
  }

  #next(rows: Map<string, Row>): Row | undefined {
    return nextInLine(rows.values(), this.rows.me.value, this.clock.now.value)
  }

  async #act(deed: () => Promise<unknown>): Promise<void> {
    const answer = await deed()
    if (isRow(answer)) this.rows.upsert(answer)
    await this.talk.refreshDetail()
  }

  #wire(): void {
    const { socket } = this.connection
    const { rows, talk } = this
    this.connection.onOnline = () => {
      void this.#returned()
    }
    this.connection.onRefused = () => void this.session.check()
    this.outbox.onAccepted = (conversation, message) => {
      talk.onMessage(conversation, message)
    }
    rows.onTime = (instant) => {
      this.clock.set(instant)
    }
    talk.onRow = (row) => {
      rows.upsert(row)
    }
    socket.on('row', (row) => {
      rows.upsert(row)
      talk.onRowNews(row)
    })
    socket.on('gone', ({ id }) => {
      rows.remove(id)
    })
    socket.on('counts', (counts) => {
      rows.counts.value = counts
    })
    socket.on('message', ({ conversation_id, message }) => {
      this.clock.observe(message.at)
      talk.onMessage(conversation_id, message)
      if (message.client_id) this.outbox.drop(message.client_id)
    })
    socket.on('note', ({ conversation_id, note }) => {
      talk.onNote(conversation_id, note)
    })
    socket.on('typing', ({ conversation_id, on }) => {
      talk.onTyping(conversation_id, on)
    })
    socket.on('delivery', ({ conversation_id, seq, status }) => {
      talk.onDelivery(conversation_id, seq, status)
    })
    socket.on('seen', ({ conversation_id, by, seq }) => {
      if (by === 'customer') talk.onCustomerSeen(conversation_id, seq)
    })
    socket.on('ticket', ({ conversation_id, ticket }) => {
      talk.onTicket(conversation_id, ticket)
      this.files.onTicket(ticket)
    })
    socket.on('clock', ({ conversation_id, clock }) => {
      this.files.onClock(conversation_id, clock)
    })
    socket.on('approval', ({ conversation_id, approval }) => {
      talk.onApproval(conversation_id, approval)
    })
    socket.on('viewing', ({ conversation_id, agents }) => {
      talk.onViewing(conversation_id, agents)
    })
    socket.on('offered', (offer) => {
      this.offers.take(offer)
      void rows.refresh()
    })
    watch(talk.id, () => {
      this.files.clear()
    })
    watch(
      this.session.account,
      (account) => {
        const id = account?.id ?? null
        rows.me.value = this.drafts.account = id
        this.outbox.belongTo(id)
      },
      { immediate: true },
    )
  }

  /** Connected again: look at the same conversation, fetch what was missed, send what waited. */
  async #returned(): Promise<void> {
    const id = this.talk.id.value
    if (id !== null) this.connection.say('view', { conversation_id: id })
    this.#seen = ''
    void this.rows.refresh()
    this.files.refresh()
    await this.talk.refill()
    await this.outbox.flush()
  }
}

const isRow = (answer: unknown): answer is Row => typeof answer === 'object' && answer !== null && 'sender' in answer && 'priority' in answer

const KEY: InjectionKey<Desk> = Symbol('desk')

export function provideDesk(desk: Desk): void {
  provide(KEY, desk)
}

export function useDesk(): Desk {
  const desk = inject(KEY)
  if (!desk) throw new Error('no desk here')
  return desk
}
