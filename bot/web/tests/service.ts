import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import type { ClientEvents, Credentials, Message, OutgoingMessage, ServerEvents, ServiceState, Welcome } from '../widget/protocol'

const PAGE = 30

export const BOT: ServiceState = { owner: 'bot', agent_name: null, position: null, hours: '09:00–22:00', open: true }

/** A Socket.IO service that keeps one conversation per shopper, as the protocol says, and remembers what it was sent. */
export class Service {
  readonly received: OutgoingMessage[] = []
  readonly handshakes: Credentials[] = []
  /** What to do with the next messages instead of accepting them. */
  refuse: (message: OutgoingMessage) => boolean = () => false
  /** Takes the next message, then loses the connection before the answer. */
  breakBeforeAnswer = false
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

  typing(sender: string, on: boolean): void {
    this.#io.to(sender).emit('typing', { on })
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
      customer: credentials.token ? { name: sender } : null,
      shop: { name: 'Shop' },
      chips: ['chip'],
      messages: messages.slice(-PAGE),
      has_more: messages.length > PAGE,
    }
    socket.emit('welcome', welcome)
    socket.on('history', ({ before, after }, acknowledge) => {
      const range = messages.filter(({ seq }) => seq < (before ?? Infinity) && seq > (after ?? 0))
      const page = before === undefined ? range.slice(0, PAGE) : range.slice(-PAGE)
      acknowledge({ messages: page, has_more: range.length > PAGE })
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
