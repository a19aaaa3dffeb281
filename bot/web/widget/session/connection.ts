import { io, type Socket } from 'socket.io-client'
import type {
  Acknowledgement,
  ClientEvents,
  Credentials,
  HistoryPage,
  HistoryRequest,
  OutgoingMessage,
  ServerEvents,
} from '../protocol'

/** Milliseconds until an unanswered request counts as failed. */
const ANSWER_TIMEOUT = 10_000
/** Milliseconds until a connection that the service itself ended is tried again. */
const RETURN_DELAY = 3_000

export interface ConnectionHandlers extends ServerEvents {
  /** There is no connection now; it is being tried again. */
  lost: () => void
  offline: () => void
  /** The service does not accept these credentials; nothing is tried until `open` is called again. */
  refused: () => void
}

/** One Socket.IO connection. Rests while the browser is offline and never buffers: unsent messages belong to the session. */
export class Connection {
  readonly #socket: Socket<ServerEvents, ClientEvents>
  readonly #handlers: ConnectionHandlers
  #returnTimer: ReturnType<typeof setTimeout> | undefined

  constructor(server: string, credentials: () => Credentials, handlers: ConnectionHandlers) {
    this.#handlers = handlers
    this.#socket = io(server, {
      path: '/socket.io',
      transports: ['websocket'],
      autoConnect: false,
      forceNew: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 8_000,
      auth: (send) => {
        send({ ...credentials() })
      },
    })
    this.#socket.on('welcome', handlers.welcome)
    this.#socket.on('message', handlers.message)
    this.#socket.on('state', handlers.state)
    this.#socket.on('typing', handlers.typing)
    this.#socket.on('disconnect', (reason) => {
      if (reason === 'io client disconnect') return
      handlers.lost()
      if (reason === 'io server disconnect') this.#returnTimer = setTimeout(this.#connect, RETURN_DELAY)
    })
    this.#socket.on('connect_error', () => {
      if (this.#socket.active) handlers.lost()
      else handlers.refused()
    })
  }

  open(): void {
    addEventListener('online', this.#returnOnline)
    addEventListener('offline', this.#rest)
    if (globalThis.navigator.onLine === false) this.#handlers.offline()
    else this.#connect()
  }

  close(): void {
    removeEventListener('online', this.#returnOnline)
    removeEventListener('offline', this.#rest)
    clearTimeout(this.#returnTimer)
    this.#socket.disconnect()
  }

  /** Rejects when no answer came in time or the connection broke meanwhile: the outcome is then unknown. */
  send(message: OutgoingMessage): Promise<Acknowledgement> {
    return this.#socket.timeout(ANSWER_TIMEOUT).emitWithAck('message', message)
  }

  /** Rejects like `send`. */
  history(request: HistoryRequest): Promise<HistoryPage> {
    return this.#socket.timeout(ANSWER_TIMEOUT).emitWithAck('history', request)
  }

  readonly #connect = (): void => {
    clearTimeout(this.#returnTimer)
    this.#socket.connect()
  }

  readonly #returnOnline = (): void => {
    this.#handlers.lost()
    this.#connect()
  }

  readonly #rest = (): void => {
    clearTimeout(this.#returnTimer)
    this.#socket.disconnect()
    this.#handlers.offline()
  }
}
