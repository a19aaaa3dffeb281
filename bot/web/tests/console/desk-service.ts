import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Namespace } from 'socket.io'
import type { ClientEvents, Detail, DutyClock, Message, Outgoing, Row, ServerEvents, Ticket, TicketDetails } from '../../console/protocol'

const PAGE = 50
const AT = '2026-05-01T10:00:00+08:00'
export const ME = { id: 1, email: 'me@shop.local', name: 'Me', role: 'agent', no: '001' } as const

export const row = (id: string, more: Partial<Row> = {}): Row => ({
  id,
  sender: `visitor-${id}`,
  channel: 'web',
  customer: null,
  owner: 'queue',
  agent: null,
  reserved_for: null,
  reserved_until: null,
  reason: null,
  priority: 0,
  position: null,
  waiting_since: null,
  last: null,
  unread: 0,
  matter: null,
  created_at: AT,
  deadline: null,
  ...more,
})

/** The desk's HTTP paths and socket over one queue, as the protocol says; it remembers what it was sent. */
export class DeskService {
  readonly received: Outgoing[] = []
  readonly viewed: (string | null)[] = []
  readonly rows = new Map<string, Row>()
  readonly tickets = new Map<string, TicketDetails>()
  readonly clocks = new Map<string, DutyClock[]>()
  /** Tickets of which somebody asked the details, in order. */
  readonly asked: string[] = []
  readonly opened: Ticket[] = []
  /** Conversations that a colleague takes first. */
  readonly taken = new Set<string>()
  loggedIn = true
  refuse: (message: Outgoing) => boolean = () => false
  /** Takes the next message, then loses the connection before the answer. */
  breakBeforeAnswer = false
  /** How many of the next pages of messages fail. */
  failingPages = 0
  /** What happens between reading the details and sending them. */
  beforeDetail: () => void = () => undefined
  readonly #messages = new Map<string, Message[]>()
  readonly #http = createServer((request, response) => void this.#serve(request, response))
  readonly #io = new Server<ClientEvents, ServerEvents>(this.#http, { transports: ['websocket'] })
  readonly #desk: Namespace<ClientEvents, ServerEvents> = this.#io.of('/desk')

  static async start(): Promise<DeskService> {
    const service = new DeskService()
    await new Promise<void>((listening) => service.#http.listen(0, '127.0.0.1', listening))
    return service
  }

  constructor() {
    this.#desk.use((_, next) => {
      next(this.loggedIn ? undefined : new Error('not logged in'))
    })
    this.#desk.on('connection', (socket) => {
      socket.on('view', ({ conversation_id }) => this.viewed.push(conversation_id))
      socket.on('message', (message, acknowledge) => {
        this.received.push(message)
        if (this.refuse(message)) {
          acknowledge({ ok: false, error: { code: 'not_yours', message: 'not yours' } })
          return
        }
        const { conversation_id, client_id, text } = message
        const known = this.messagesOf(conversation_id).find((other) => other.client_id === client_id)
        const taken = known ?? this.post(conversation_id, { role: 'agent', text, client_id })
        if (this.breakBeforeAnswer) {
          this.breakBeforeAnswer = false
          socket.conn.close()
        } else acknowledge({ ok: true, seq: taken.seq, at: taken.at })
      })
    })
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    const closed = this.#io.close()
    this.#http.closeAllConnections() // those that a client keeps alive
    await closed
  }

  messagesOf(id: string): Message[] {
    const messages = this.#messages.get(id) ?? []
    this.#messages.set(id, messages)
    return messages
  }

  put(...rows: Row[]): void {
    for (const one of rows) this.rows.set(one.id, one)
  }

  post(id: string, message: Pick<Message, 'role' | 'text'> & Partial<Message>): Message {
    const messages = this.messagesOf(id)
    const posted = { at: AT, ...message, seq: messages.length + 1 }
    messages.push(posted)
    this.#desk.emit('message', { conversation_id: id, message: posted })
    return posted
  }

  tell<Name extends keyof ServerEvents>(name: Name, ...told: Parameters<ServerEvents[Name]>): void {
    this.#desk.emit(name, ...told)
  }

  /** Cuts every connection, as a restart of the service does. */
  cut(): void {
    for (const socket of this.#desk.sockets.values()) socket.conn.close()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const [status, answer] = this.#answer(request, body ? (JSON.parse(body) as Record<string, unknown>) : {})
    response.writeHead(status, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(answer))
  }

  #answer(request: IncomingMessage, body: Record<string, unknown>): [number, unknown] {
    const url = new URL(request.url ?? '', this.origin)
    const refusal = (status: number, code: string): [number, unknown] => [status, { error: { code, message: code } }]
    if (url.pathname === '/api/v1/session') {
      if (request.method === 'POST') this.loggedIn = body['password'] === 'right'
      return this.loggedIn ? [200, { account: ME, csrf: 'token' }] : refusal(401, 'not_authenticated')
    }
    if (!this.loggedIn) return refusal(401, 'not_authenticated')
    if (request.method !== 'GET' && request.headers['x-csrf-token'] !== 'token') return refusal(403, 'csrf')
    if (url.pathname === '/api/v1/clocks') return [200, { items: this.clocks.get(url.searchParams.get('ticket') ?? '') ?? [] }]
    const ticket = /^\/api\/v1\/tickets\/([^/]+)\/$/.exec(url.pathname)?.[1]
    if (ticket) {
      this.asked.push(ticket)
      return this.tickets.has(ticket) ? [200, this.tickets.get(ticket)] : refusal(404, 'not_found')
    }
    const [, , , , , id = '', part] = url.pathname.split('/')
    if (!id) return [200, this.#page(url.searchParams.get('view') ?? '')]
    const one = this.rows.get(id)
    if (!one) return refusal(404, 'not_found')
    if (part === 'messages' && this.failingPages > 0) {
      this.failingPages -= 1
      return refusal(500, 'internal')
    }
    if (part === 'messages') return [200, this.#messagesPage(id, url.searchParams)]
    if (part === 'accept') {
      if (this.taken.has(id)) return refusal(409, 'not_waiting')
      this.put({ ...one, owner: 'agent', agent: ME })
      return [200, this.rows.get(id)]
    }
    const detail = this.#detail(one)
    this.beforeDetail()
    return [200, detail]
  }

  #page(view: string): unknown {
    const items = [...this.rows.values()].filter(({ owner, agent }) =>
      view === 'all' ? owner !== 'closed' : view === 'mine' ? owner === 'agent' && agent?.id === ME.id : owner === view,
    )
    return { items, counts: { queue: 0, mine: 0, all: this.rows.size }, next: null }
  }

  #messagesPage(id: string, query: URLSearchParams): unknown {
    const [before, after] = [Number(query.get('before') ?? Infinity), Number(query.get('after') ?? 0)]
    const range = this.messagesOf(id).filter(({ seq }) => seq < before && seq > after)
    return { messages: after ? range.slice(0, PAGE) : range.slice(-PAGE), has_more: range.length > PAGE }
  }

  #detail(one: Row): Detail {
    const beside = { summary: null, profile: null, orders: [], tickets: [...this.opened], approvals: [], notes: [], agents_viewing: [] }
    return { ...one, ...beside, customer_seen: 0, staff_seen: 0, undelivered: 0, delivery: {}, goods: {} }
  }
}
