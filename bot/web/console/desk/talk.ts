import { computed, ref, shallowRef, type ShallowRef } from 'vue'
import type { Api } from '../api'
import type { Approval, Detail, Doubt, Message, Note, Row, Ticket, Viewer } from '../protocol'
import * as timeline from './timeline'
import type { Entry, Pending } from './timeline'

const PAGE = 50
/** Milliseconds after which "typing" is no longer believed. */
const TYPING_EXPIRY = 10_000
/** Milliseconds after which a page that could not be fetched is asked for again. */
const RETRY = 3_000
/** How often details are asked for again because something was told meanwhile. */
const TRIES = 3

type Problem = 'unreachable' | 'missing'

/** The conversation in the middle of the desk: what is known of it, its lines, and how far they are known without a gap. */
export class Talk {
  readonly id = ref<string | null>(null)
  readonly detail = shallowRef<Detail | null>(null)
  readonly loading = ref(false)
  readonly loadingOlder = ref(false)
  readonly problem = ref<Problem | null>(null)
  readonly hasMore = ref(false)
  readonly typing = ref(false)
  readonly viewers = shallowRef<Viewer[]>([])
  readonly customerSeen = ref(0)
  /** The first line that nobody at the desk had seen when it was opened. */
  readonly newFrom = ref<number | null>(null)
  readonly entries: ShallowRef<Entry[]>
  readonly lines = computed(() =>
    timeline.withPending(this.entries.value, this.#pending.value.filter((line) => line.conversation_id === this.id.value)),
  )
  /** A row as the service told it together with the details. */
  onRow: (row: Row) => void = () => undefined
  readonly #api: Api
  readonly #pending: ShallowRef<Pending[]>
  #typingTimer: ReturnType<typeof setTimeout> | undefined
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  /** The last line before which nothing is missing, while what follows is being fetched; lines told meanwhile lie beyond. */
  #whole: number | null = null
  #news = 0
  #run = 0

  constructor(api: Api, pending: ShallowRef<Pending[]>) {
    this.#api = api
    this.#pending = pending
    this.entries = shallowRef([])
  }

  async open(id: string): Promise<void> {
    if (this.id.value === id) return
    this.leave()
    this.id.value = id
    await this.refill()
  }

  leave(): void {
    this.#run += 1
    this.#whole = null
    clearTimeout(this.#retryTimer)
    this.id.value = null
    this.detail.value = null
    this.entries.value = []
    this.hasMore.value = false
    this.loading.value = this.loadingOlder.value = false
    this.problem.value = null
    this.viewers.value = []
    this.customerSeen.value = 0
    this.newFrom.value = null
    this.#showTyping(false)
  }

  /** Fetches details and the last page, and whatever lies between that page and what is shown already. */
  async refill(): Promise<void> {
    const id = this.id.value
    if (id === null) return
    const run = ++this.#run
    clearTimeout(this.#retryTimer)
    const reached = (this.#whole ??= timeline.latestSeq(this.entries.value))
    const first = reached === 0
    this.loading.value = first
    try {
      const [detail, page] = await Promise.all([this.#askDetail(id), this.#api.messages(id, { limit: PAGE })])
      if (run !== this.#run) return
      this.#know(detail)
      this.problem.value = null
      const begins = page.messages[0]?.seq ?? 0
      this.entries.value = timeline.merge(this.entries.value, page.messages)
      if (first) {
        this.hasMore.value = page.has_more
        this.newFrom.value = firstUnseen(page.messages, detail.staff_seen ?? 0)
      } else if (page.has_more && reached < begins) await this.#fillGap(id, run, reached, begins)
      if (run === this.#run) this.#whole = null
    } catch (error) {
      if (run !== this.#run) return
      const { status } = error as { status?: number }
      this.problem.value = status === 404 ? 'missing' : 'unreachable'
      if (status !== 404 && status !== 401) this.#retryTimer = setTimeout(() => void this.refill(), RETRY)
    } finally {
      if (run === this.#run) this.loading.value = false
    }
  }

  async refreshDetail(): Promise<void> {
    const id = this.id.value
    if (id === null) return
    const detail = await this.#askDetail(id).catch(() => null)
    if (detail && this.id.value === id) this.#know(detail)
  }

  async loadOlder(): Promise<void> {
    const [id, before, run] = [this.id.value, timeline.earliestSeq(this.entries.value), this.#run]
    if (id === null || before === undefined || !this.hasMore.value || this.loadingOlder.value) return
    this.loadingOlder.value = true
    try {
      const page = await this.#api.messages(id, { before, limit: PAGE })
      if (run !== this.#run) return
      this.entries.value = timeline.merge(this.entries.value, page.messages)
      this.hasMore.value = page.has_more && page.messages.length > 0
    } catch {
      // Scrolling up asks again.
    } finally {
      this.loadingOlder.value = false
    }
  }

  onMessage(conversation: string, message: Message): void {
    if (conversation !== this.id.value) return
    this.entries.value = timeline.merge(this.entries.value, [message])
    if (message.role === 'customer') this.#showTyping(false)
  }

  onNote(conversation: string, note: Note): void {
    const isSame = (other: Note): boolean => other.id === note.id || (!!note.client_id && other.client_id === note.client_id)
    this.#update(conversation, ({ notes }) => ({ notes: [...notes.filter((other) => !isSame(other)), note] }))
  }

  /** How far a message has come: only what may not have arrived is kept. */
  onDelivery(conversation: string, seq: number, status: string): void {
    this.#update(conversation, ({ delivery }) => {
      const others = Object.entries(delivery).filter(([key]) => key !== String(seq))
      const told = Object.fromEntries(isDoubt(status) ? [...others, [String(seq), status]] : others)
      return { delivery: told, undelivered: Object.keys(told).length }
    })
  }

  onTicket(conversation: string, ticket: Ticket): void {
    const known = this.detail.value?.tickets.some(({ id }) => id === ticket.id) // also of an earlier talk
    if (known || conversation === this.id.value) this.#change(({ tickets }) => ({ tickets: replaced(tickets, ticket) }))
  }

  onApproval(conversation: string, approval: Approval): void {
    const known = this.detail.value?.approvals.some(({ id }) => id === approval.id)
    if (known || conversation === this.id.value) this.#change(({ approvals }) => ({ approvals: replaced(approvals, approval) }))
  }

  onRowNews(row: Row): void {
    const detail = this.detail.value
    if (detail && row.id === this.id.value) this.detail.value = { ...detail, ...row }
  }

  onTyping(conversation: string, on: boolean): void {
    if (conversation === this.id.value) this.#showTyping(on)
  }

  onViewing(conversation: string, viewers: Viewer[]): void {
    if (conversation === this.id.value) this.viewers.value = viewers
  }

  onCustomerSeen(conversation: string, seq: number): void {
    if (conversation === this.id.value) this.customerSeen.value = Math.max(this.customerSeen.value, seq)
  }

  /** New lines were read: the mark goes when the next ones come. */
  unmark(): void {
    this.newFrom.value = null
  }

  markFrom(seq: number): void {
    this.newFrom.value ??= seq
  }

  /** What was missed while there was no connection. When it breaks again only what is known without a gap stays. */
  async #fillGap(id: string, run: number, after: number, begins: number): Promise<void> {
    try {
      for (let from = after, more = true; more && from < begins; ) {
        const page = await this.#api.messages(id, { after: from, limit: PAGE })
        if (run !== this.#run) return
        this.entries.value = timeline.merge(this.entries.value, page.messages)
        const reached = page.messages[page.messages.length - 1]?.seq ?? from
        more = page.has_more && reached > from
        from = reached
      }
    } catch {
      if (run !== this.#run) return
      this.entries.value = timeline.since(this.entries.value, begins)
      this.hasMore.value = true
    }
  }

  /** What was told while the details were under way may be missing in them. */
  async #askDetail(id: string): Promise<Detail> {
    for (let left = TRIES; ; left -= 1) {
      const before = this.#news
      const detail = await this.#api.detail(id)
      if (left === 0 || before === this.#news) return detail
    }
  }

  #know(detail: Detail): void {
    this.detail.value = detail
    this.viewers.value = detail.agents_viewing
    this.customerSeen.value = Math.max(this.customerSeen.value, detail.customer_seen ?? 0)
    this.onRow(rowOf(detail))
  }

  #update(conversation: string, change: (detail: Detail) => Partial<Detail>): void {
    if (conversation === this.id.value) this.#change(change)
  }

  #change(change: (detail: Detail) => Partial<Detail>): void {
    this.#news += 1
    const detail = this.detail.value
    if (detail) this.detail.value = { ...detail, ...change(detail) }
  }

  #showTyping(on: boolean): void {
    clearTimeout(this.#typingTimer)
    this.typing.value = on
    if (on) {
      this.#typingTimer = setTimeout(() => {
        this.typing.value = false
      }, TYPING_EXPIRY)
    }
  }
}

function isDoubt(status: string): status is Doubt {
  return status === 'unknown' || status === 'failed' || status === 'waiting'
}

function replaced<T extends { id: string }>(list: T[], item: T): T[] {
  const known = list.some(({ id }) => id === item.id)
  return known ? list.map((other) => (other.id === item.id ? { ...other, ...item } : other)) : [...list, item]
}

function firstUnseen(messages: Message[], seen: number): number | null {
  const unseen = messages.filter(({ role, seq }) => role === 'customer' && seq > seen)
  return unseen.length && unseen.length < messages.length ? (unseen[0]?.seq ?? null) : null
}

function rowOf(detail: Detail): Row {
  const { id, sender, channel, customer, owner, agent, reserved_for, reserved_until, reason } = detail
  const { priority, position, waiting_since, last, unread, matter, created_at, deadline } = detail
  const who = { id, sender, channel, customer, owner, agent, reserved_for, reserved_until, reason }
  return { ...who, priority, position, waiting_since, last, unread, matter, created_at, deadline }
}
