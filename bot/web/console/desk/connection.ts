import { ref } from 'vue'
import { io, type Socket } from 'socket.io-client'
import type { Acknowledgement, ClientEvents, Outgoing, ServerEvents } from '../protocol'

export type Link = 'connecting' | 'online' | 'reconnecting' | 'offline'

/** Milliseconds until an unanswered message counts as failed. */
const ANSWER_TIMEOUT = 10_000
/** Milliseconds until a connection that the service refused or ended is tried again. */
const RETURN_DELAY = 3_000

/** The desk's Socket.IO connection. Rests while the browser is offline and never buffers: unsent lines are the outbox's. */
export class Connection {
  readonly link = ref<Link>('connecting')
  readonly socket: Socket<ServerEvents, ClientEvents>
  onOnline: () => void = () => undefined
  /** The service does not let us in: the session may be over. */
  onRefused: () => void = () => undefined
  #open = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(origin: string) {
    this.socket = io(`${origin}/desk`, {
      path: '/socket.io',
      transports: ['websocket'],
      autoConnect: false,
      forceNew: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 8_000,
    })
    this.socket.on('connect', () => {
      this.link.value = 'online'
      this.onOnline()
    })
    this.socket.on('disconnect', (reason) => {
      if (reason !== 'io client disconnect') this.#lost()
      if (reason === 'io server disconnect') this.#later()
    })
    this.socket.on('connect_error', () => {
      this.#lost()
      if (this.socket.active) return
      this.onRefused()
      this.#later()
    })
  }

  open(): void {
    if (this.#open) return
    this.#open = true
    addEventListener('online', this.#return)
    addEventListener('offline', this.#rest)
    if (globalThis.navigator.onLine === false) this.link.value = 'offline'
    else this.#connect()
  }

  close(): void {
    this.#open = false
    removeEventListener('online', this.#return)
    removeEventListener('offline', this.#rest)
    clearTimeout(this.#timer)
    this.socket.disconnect()
    this.link.value = 'connecting'
  }

  /** Rejects when no answer came in time or the connection broke meanwhile: the outcome is then unknown. */
  send(message: Outgoing): Promise<Acknowledgement> {
    return this.socket.timeout(ANSWER_TIMEOUT).emitWithAck('message', message)
  }

  /** Says something that is worth nothing later: dropped while there is no connection. */
  say<Name extends 'view' | 'typing' | 'seen'>(name: Name, ...told: Parameters<ClientEvents[Name]>): void {
    if (this.socket.connected) this.socket.emit(name, ...told)
  }

  #lost(): void {
    if (this.link.value !== 'offline') this.link.value = this.link.value === 'connecting' ? 'connecting' : 'reconnecting'
  }

  #later(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#connect, RETURN_DELAY)
  }

  readonly #connect = (): void => {
    clearTimeout(this.#timer)
    if (this.#open) this.socket.connect()
  }

  readonly #return = (): void => {
    this.link.value = 'reconnecting'
    this.#connect()
  }

  readonly #rest = (): void => {
    clearTimeout(this.#timer)
    this.socket.disconnect()
    this.link.value = 'offline'
  }
}
