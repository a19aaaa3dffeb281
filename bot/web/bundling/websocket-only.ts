import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const ENGINE = fileURLToPath(new URL('../widget/session/engine.ts', import.meta.url))
/** Packets with binary parts; the widget has none. */
const BINARY = /socket\.io-parser\/build\/esm(-debug)?\/(is-)?binary\.js$/

/** socket.io-client with nothing below it but a WebSocket, and text alone on the wire. */
export function websocketOnly(): Plugin {
  return {
    name: 'websocket-only',
    enforce: 'pre',
    resolveId(id) {
      return id === 'engine.io-client' ? '\0engine' : null
    },
    load(id) {
      if (id === '\0engine') {
        return `export * from ${JSON.stringify(ENGINE)}
export const parse = null, Fetch = null, NodeXHR = null, XHR = null, NodeWebSocket = null, WebSocket = null, WebTransport = null`
      }
      if (BINARY.test(id)) {
        return 'const no = () => false\nexport { no as isBinary, no as hasBinary, no as deconstructPacket, no as reconstructPacket }'
      }
      return null
    },
  }
}
