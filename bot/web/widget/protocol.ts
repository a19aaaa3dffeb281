/**
 * What travels between the widget and the service, over Socket.IO.
 *
 * `at` is ISO 8601 with offset; `seq` grows within one sender's conversation; `amount` is a decimal string in yuan.
 */

export type Owner = 'bot' | 'queue' | 'agent' | 'closed'
export type Role = 'customer' | 'bot' | 'agent' | 'system'

export interface Button {
  title: string
  payload: string
}

export interface OrderCard {
  type: 'order'
  title: string
  subtitle: string
  amount: string
  state: string
  payload?: string
}

export interface SolutionCard {
  type: 'solution'
  title: string
  lines: string[]
  payload?: string
}

export type Card = OrderCard | SolutionCard

export interface Attachment {
  id: string
  url: string
  type: string
}

export interface Message {
  seq: number
  role: Role
  name?: string
  text: string
  at: string
  client_id?: string
  buttons?: Button[]
  cards?: Card[]
  image?: string
  attachments?: Attachment[]
}

/** Who serves the conversation now, and when people are there. */
export interface ServiceState {
  owner: Owner
  agent_name: string | null
  position: number | null
  hours: string
  open: boolean
}

export interface Welcome {
  conversation: ServiceState & { sender: string }
  visitor: string | null
  customer: { name: string } | null
  shop: { name: string }
  chips: string[]
  messages: Message[]
  has_more: boolean
}

export interface OutgoingMessage {
  client_id: string
  text: string
  payload?: string
  attachments?: string[]
}

export interface Refusal {
  code: string
  message: string
}

export type Acknowledgement = { ok: true; seq: number; at: string } | { ok: false; error: Refusal }

export interface HistoryRequest {
  before?: number
  after?: number
}

export interface HistoryPage {
  messages: Message[]
  has_more: boolean
}

/** Sent at the handshake: a signed shopper identity, or the visitor token of this browser. */
export interface Credentials {
  token: string | null
  visitor: string | null
}

export interface ServerEvents {
  welcome: (welcome: Welcome) => void
  message: (message: Message) => void
  state: (state: ServiceState) => void
  typing: (typing: { on: boolean }) => void
}

export interface ClientEvents {
  message: (message: OutgoingMessage, acknowledge: (answer: Acknowledgement) => void) => void
  history: (request: HistoryRequest, acknowledge: (page: HistoryPage) => void) => void
}
