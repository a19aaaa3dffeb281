/**
 * Engine.IO 4 over a WebSocket: what socket.io-client needs below it when no other transport is wanted. In the bundle it
 * takes the place of engine.io-client (see bundling/websocket-only.ts), whose polling, upgrades, binary packets and cookies
 * are a tenth of all that a shopper would load.
 */

type Listener = (detail?: unknown) => void
type EngineEvent = 'open' | 'ping' | 'data' | 'error' | 'close'

export class Socket {
  /** Asked by socket.io-client before volatile packets. */
  readonly transport = { writable: true }
  private readonly socket: WebSocket
  private readonly listeners: Partial<Record<EngineEvent, Listener[]>> = {}
  /** Milliseconds in which the service pings, and when that time is over. */
  private interval = 0
  private deadline = Infinity
  private timer: ReturnType<typeof setTimeout> | undefined
  private ended = false

  constructor(server: string, options: { path?: string }) {
    const path = `${(options.path ?? '/socket.io').replace(/\/$/, '')}/?EIO=4&transport=websocket`
    this.socket = new WebSocket(new URL(path, server.replace(/^http/, 'ws')).href)
    this.socket.onmessage = ({ data }) => {
      this.receive(String(data))
    }
    this.socket.onerror = () => {
      this.end('transport error')
    }
    this.socket.onclose = () => {
      this.end('transport close')
    }
  }

  on(event: EngineEvent, listener: Listener): void {
    ;(this.listeners[event] ??= []).push(listener)
  }

  off(event: EngineEvent, listener: Listener): void {
    this.listeners[event] = this.listeners[event]?.filter((known) => known !== listener) ?? []
  }

  write(message: string): void {
    if (this.socket.readyState === 1) this.socket.send(`4${message}`)
  }

  close(): void {
    this.end('forced close')
  }

  /** After the device has slept: the connection is dead, and nobody has noticed yet. */
  _hasPingExpired(): boolean {
    const expired = Date.now() > this.deadline
    if (expired) {
      queueMicrotask(() => {
        this.end('ping timeout')
      })
    }
    return expired
  }

  private receive(packet: string): void {
    const content = packet.slice(1)
    if (packet.startsWith('0')) {
      const { pingInterval, pingTimeout } = JSON.parse(content) as Record<string, number>
      this.interval = (pingInterval ?? 0) + (pingTimeout ?? 0)
      this.emit('open')
      this.await()
    } else if (packet.startsWith('2')) {
      this.socket.send('3')
      this.emit('ping')
      this.await()
    } else if (packet.startsWith('4')) this.emit('data', content)
  }

  private await(): void {
    clearTimeout(this.timer)
    if (this.ended) return
    this.deadline = Date.now() + this.interval
    this.timer = setTimeout(() => {
      this.end('ping timeout')
    }, this.interval)
  }

  private end(reason: string): void {
    if (this.ended) return
    this.ended = true
    clearTimeout(this.timer)
    this.socket.onmessage = this.socket.onerror = this.socket.onclose = null
    this.leave()
    // Who waits for the service's first word listens for errors only, and would wait until it takes too long.
    if (this.interval) this.emit('close', reason)
    else this.emit('error', new Error(reason))
  }

  /** Browsers complain on the host page's console of a connection that is closed while it is being opened. */
  private leave(): void {
    if (this.socket.readyState !== 0) this.socket.close()
    else {
      this.socket.onopen = () => {
        this.socket.close()
      }
    }
  }

  private emit(event: EngineEvent, detail?: unknown): void {
    for (const listener of this.listeners[event] ?? []) listener(detail)
  }
}

export const nextTick = queueMicrotask.bind(globalThis)

/** The timers that socket.io-client uses. */
export function installTimerFunctions(owner: object): void {
  Object.assign(owner, { setTimeoutFn: setTimeout.bind(globalThis), clearTimeoutFn: clearTimeout.bind(globalThis) })
}
