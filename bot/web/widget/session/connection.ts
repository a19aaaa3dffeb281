import { Manager, type Socket } from 'socket.io-client'
import type { Credentials, Requests, ServerEvents, Signals } from '../protocol'

/** Milliseconds until an unanswered request counts as failed. */
const ANSWER_TIMEOUT = 10_000
/** Milliseconds until a connection that the service itself ended is tried again. */
const RETURN_DELAY = 3_000

export interface ConnectionHandlers {
  /** There is no connection now; it is being tried again. */
  lost: () => void
  offline: () => void
  /** The service does not accept these credentials; nothing is tried until `open` is called again. */
  refused: () => void
}

/** One Socket.IO connection. Rests while the browser is offline and never buffers: unsent messages belong to the session. */
export class Connection {
  private readonly socket: Socket
  private readonly handlers: ConnectionHandlers
  private returnTimer: ReturnType<typeof setTimeout> | undefined

  constructor(server: string, credentials: () => Credentials, events: ServerEvents, handlers: ConnectionHandlers) {
    this.handlers = handlers
    const manager = new Manager(server, { autoConnect: false, reconnectionDelay: 500, reconnectionDelayMax: 8_000 })
    this.socket = manager.socket('/', {
      auth: (send) => {
        send(credentials())
      },
    })
    for (const [name, handler] of Object.entries(events)) this.socket.on(name, handler as () => void)
    this.socket.on('disconnect', (reason) => {
      if (reason === 'io client disconnect') return
      handlers.lost()
      if (reason === 'io server disconnect') this.returnTimer = setTimeout(this.connect, RETURN_DELAY)
    })
    this.socket.on('connect_error', () => {
      if (this.socket.active) handlers.lost()
      else handlers.refused()
    })
  }

  open(): void {
    addEventListener('online', this.returnOnline)
    addEventListener('offline', this.rest)
    if (globalThis.navigator.onLine === false) this.handlers.offline()
    else this.connect()
  }

  close(): void {
    removeEventListener('online', this.returnOnline)
    removeEventListener('offline', this.rest)
    clearTimeout(this.returnTimer)
    this.socket.disconnect()
  }

  /** Rejects when no answer came in time or the connection broke meanwhile: the outcome is then unknown. */
  ask<Name extends keyof Requests>(name: Name, data: Requests[Name][0]): Promise<Requests[Name][1]> {
    if (!this.socket.connected) return Promise.reject(new Error('offline'))
    return this.socket.timeout(ANSWER_TIMEOUT).emitWithAck(name, data) as Promise<Requests[Name][1]>
  }

  /** Told now or never. */
  tell<Name extends keyof Signals>(name: Name, data: Signals[Name]): void {
    if (this.socket.connected) this.socket.emit(name, data)
  }

  private readonly connect = (): void => {
    clearTimeout(this.returnTimer)
    this.socket.connect()
  }

  private readonly returnOnline = (): void => {
    this.handlers.lost()
    this.connect()
  }

  private readonly rest = (): void => {
    clearTimeout(this.returnTimer)
    this.socket.disconnect()
    this.handlers.offline()
  }
}
