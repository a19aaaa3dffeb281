import { shallowRef } from 'vue'
import type { Api } from '../api'
import type { DutyClock, Ticket, TicketDetails } from '../protocol'
import { merged } from './duty-clocks'
import { inWords } from './errors'

/** Milliseconds in which news is gathered before an opened ticket is fetched anew. */
const GATHER = 300

export interface TicketFile {
  details: TicketDetails | null
  clocks: DutyClock[]
  problem: string
}

const EMPTY: TicketFile = { details: null, clocks: [], problem: '' }

/** All that is known of the tickets that somebody opened; of the others nothing is fetched. */
export class TicketFiles {
  readonly opened = shallowRef<ReadonlyMap<string, TicketFile>>(new Map())
  readonly #api: Api
  readonly #stale = new Set<string>()
  readonly #runs = new Map<string, number>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(api: Api) {
    this.#api = api
  }

  async toggle(id: string): Promise<void> {
    if (this.opened.value.has(id)) {
      this.opened.value = new Map([...this.opened.value].filter(([other]) => other !== id))
      return
    }
    this.opened.value = new Map([...this.opened.value, [id, EMPTY]])
    await this.fetch(id)
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#stale.clear()
    this.opened.value = new Map()
  }

  /** All opened ones anew: something may have been missed. */
  refresh(): void {
    for (const id of this.opened.value.keys()) void this.fetch(id)
  }

  async fetch(id: string): Promise<void> {
    const run = (this.#runs.get(id) ?? 0) + 1
    this.#runs.set(id, run)
    try {
      const [details, { items }] = await Promise.all([this.#api.ticket(id), this.#api.clocks(id)])
      if (this.#runs.get(id) === run) this.#put(id, { details, clocks: items, problem: '' })
    } catch (error) {
      if (this.#runs.get(id) === run) this.#put(id, { problem: inWords(error) })
    }
  }

  /** The news holds what lists show; the log is fetched after it. */
  onTicket(ticket: Ticket): void {
    const details = this.opened.value.get(ticket.id)?.details
    if (details) this.#put(ticket.id, { details: { ...details, ...ticket } })
    this.#fetchSoon(ticket.id)
  }

  /** Of several clocks of a conversation that change together only one is told: its other tickets are fetched anew. */
  onClock(conversation: string, clock: DutyClock): void {
    for (const [id, file] of this.opened.value) {
      if (clock.ticket_id === id) this.#put(id, { clocks: merged(file.clocks, clock) })
      if (clock.ticket_id === id || file.details?.conversation_id === conversation) this.#fetchSoon(id)
    }
  }

  #fetchSoon(id: string): void {
    if (!this.opened.value.has(id)) return
    this.#stale.add(id)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      for (const stale of this.#stale) if (this.opened.value.has(stale)) void this.fetch(stale)
      this.#stale.clear()
    }, GATHER)
  }

  #put(id: string, known: Partial<TicketFile>): void {
    const file = this.opened.value.get(id)
    if (file) this.opened.value = new Map([...this.opened.value, [id, { ...file, ...known }]])
  }
}
