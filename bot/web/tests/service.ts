import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import type { Card, ClientEvents, Credentials, LeftMessage, Message, OutgoingMessage, Rating, ServerEvents, ServiceState, Survey, Welcome } from '../widget/protocol'
import { UNKNOWN_STATE } from '../widget/session/unknown-state'

const PAGE = 30

export const BOT: ServiceState = { ...UNKNOWN_STATE, hours: '09:00–22:00' }

/** A Socket.IO service that keeps one conversation per shopper, as the protocol says, and remembers what it was sent. */
export class Service {
  readonly received: OutgoingMessage[] = []
  readonly handshakes: Credentials[] = []
  readonly signals: (['typing', boolean] | ['seen', number])[] = []
  readonly ratings: Rating[] = []
  readonly left: LeftMessage[] = []
  orders: Card[] = []
  survey: Survey | null = null
  /** What to do with the next messages instead of accepting them. */
  refuse: (message: OutgoingMessage) => boolean = () => false
  /** Takes the next message, then loses the connection before the answer. */
  breakBeforeAnswer = false
  /** What happens between reading the messages for a welcome and sending it. */
  beforeWelcome: (sender: string) => void = () => undefined
  readonly #http = createServer()
  readonly #io = new Server<ClientEvents, ServerEvents>(this.#http, { transports: ['websocket'] })
  readonly #conversations = new Map<string, Message[]>()

  static async start(): Promise<Service> {
    const service = new Service()
    await new Promise<void>((listening) => service.#http.listen(0, '127.0.0.1', listening))
    return service
  }

  constructor() {
    this.#io.on('connection', (socket) => {
      this.#serve(socket)
    })
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    await this.#io.close()
  }

  messagesOf(sender: string): Message[] {
    const messages = this.#conversations.get(sender) ?? []
    this.#conversations.set(sender, messages)
    return messages
  }

  post(sender: string, message: Pick<Message, 'role' | 'text'> & Partial<Message>): Message {
    const messages = this.messagesOf(sender)
    const posted = { at: new Date().toISOString(), ...message, seq: messages.length + 1 }
    messages.push(posted)
    this.#io.to(sender).emit('message', posted)
    return posted
  }

  /** Tells one shopper something that is no message. */
  tell<Name extends 'state' | 'seen' | 'survey'>(sender: string, name: Name, ...data: Parameters<ServerEvents[Name]>): void {
    this.#io.to(sender).emit(name, ...data)
  }

  typing(sender: string, on: boolean, by: 'bot' | 'agent' = 'bot'): void {
    this.#io.to(sender).emit('typing', { on, by })
  }

  /** Cuts every connection, as a restart of the service does. */
  cut(): void {
    for (const socket of this.#io.sockets.sockets.values()) socket.conn.close()
  }

  #serve(socket: Socket<ClientEvents, ServerEvents>): void {
    const credentials = socket.handshake.auth as Credentials
    this.handshakes.push(credentials)
    const sender = credentials.token ?? credentials.visitor ?? 'visitor-1'
    const messages = this.messagesOf(sender)
    void socket.join(sender)
    const welcome: Welcome = {
      conversation: { sender, ...BOT },
      visitor: credentials.token ? null : sender,
      customer: credentials.token ? { name: sender, level: 'normal' } : null,
      shop: { name: 'Shop', consent: 'consent' },
      chips: ['chip'],
      messages: messages.slice(-PAGE),
      has_more: messages.length > PAGE,
      survey: this.survey,
    }
    this.beforeWelcome(sender)
    socket.emit('welcome', welcome)
    socket.on('history', ({ before, after }, acknowledge) => {
      const range = messages.filter(({ seq }) => seq < (before ?? Infinity) && seq > (after ?? 0))
      const page = before === undefined ? range.slice(0, PAGE) : range.slice(-PAGE)
      acknowledge({ messages: page, has_more: range.length > PAGE })
    })
    socket.on('typing', ({ on }) => this.signals.push(['typing', on]))
    socket.on('seen', ({ seq }) => this.signals.push(['seen', seq]))
    socket.on('orders', (_, acknowledge) => {
      acknowledge({ ok: true, identified: credentials.token !== null, orders: credentials.token ? this.orders : [] })
    })
    socket.on('leave_message', (message, acknowledge) => {
      this.left.push(message)
      const { seq, at } = this.post(sender, { role: 'customer', text: message.text, client_id: message.client_id })
      acknowledge({ ok: true, seq, at, ticket: 'T1', due_at: at })
    })
    socket.on('rate', (rating, acknowledge) => {
      this.ratings.push(rating)
      acknowledge({ ok: true })
    })
    socket.on('skip_survey', (_, acknowledge) => {
      acknowledge({ ok: true })
    })
    socket.on('end', (_, acknowledge) => {
      this.tell(sender, 'state', { ...BOT, owner: 'closed' })
      acknowledge({ ok: true })
    })
    socket.on('delete_request', (_, acknowledge) => {
      acknowledge({ ok: false, error: { code: 'too_many', message: 'too many' } })
    })
    socket.on('message', (message, acknowledge) => {
      this.received.push(message)
      if (this.refuse(message)) {
        acknowledge({ ok: false, error: { code: 'too_many', message: 'too many' } })
        return
      }
      const { client_id, text } = message
      const taken =
        messages.find((known) => known.client_id === client_id) ?? this.post(sender, { role: 'customer', text, client_id })
      if (this.breakBeforeAnswer) {
        this.breakBeforeAnswer = false
        socket.conn.close()
      } else acknowledge({ ok: true, seq: taken.seq, at: taken.at })
    })
  }
}
