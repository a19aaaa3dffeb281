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

export type CardType = 'product' | 'order' | 'logistics' | 'refund' | 'solution' | 'rule' | 'return' | 'coupon' | 'size'

/** A stage of something that goes on: a parcel's trace, a refund. */
export interface Step {
  text: string
  at?: string
  done: boolean
}

/** Something to look at, or to choose where it has a payload. */
export interface Card {
  type: CardType
  title: string
  payload?: string
  subtitle?: string
  amount?: string
  state?: string
  lines?: string[]
  pros?: string[]
  cons?: string[]
  steps?: Step[]
  /** What one may want to put on the clipboard. */
  copy?: string
  image?: string
  /** The sku, order number, ticket or refund number that it is about. */
  ref?: string
}

export interface Attachment {
  id: string
  url: string
  type: string
  name?: string
  size?: number
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
  /** Ways on, above the input line while this is the last message. */
  chips?: Button[]
  image?: string
  attachments?: Attachment[]
}

/** Who serves the conversation now, and when people are there. */
export interface ServiceState {
  owner: Owner
  agent_name: string | null
  agent_no: string | null
  position: number | null
  minutes: number | null
  /** Somebody was let in before: the place in the queue moved back. */
  overtaken: boolean
  hours: string
  open: boolean
  /** The next opening, while closed. */
  opens_at: string | null
  /** Everything up to this `seq` was read by the assistant or a person. */
  staff_seen: number
  promises: number
}

export interface Survey {
  id: string
  bot: boolean
  agent: { name: string } | null
  tags: { id: string; title: string }[]
}

export interface Welcome {
  conversation: ServiceState & { sender: string }
  visitor: string | null
  customer: { name: string; level: string } | null
  shop: { name: string; consent: string }
  chips: string[]
  messages: Message[]
  has_more: boolean
  survey: Survey | null
}

/** The product on the host page. */
export interface Product {
  sku: string
  name?: string
  price?: string
  url?: string
  image?: string
}

export interface OutgoingMessage {
  client_id: string
  text: string
  payload?: string
  attachments?: string[]
  product?: Product
  order_no?: string
}

export interface Refusal {
  code: string
  message: string
}

export type Answer<T> = ({ ok: true } & T) | { ok: false; error: Refusal }
export interface Receipt {
  seq: number
  at: string
}
export type Acknowledgement = Answer<Receipt>

export interface HistoryPage {
  messages: Message[]
  has_more: boolean
}

export interface Orders {
  /** Whether the shopper is a customer that the shop vouches for. */
  identified: boolean
  orders: Card[]
}

export interface LeftMessage {
  client_id: string
  contact: string
  text: string
  attachments?: string[]
}

export interface Ticket {
  ticket: string
  due_at: string
}

export interface Rating {
  id: string
  bot?: number
  agent?: number
  tags?: string[]
  text?: string
}

/** Each request with what it carries and what comes back. */
export interface Requests {
  message: [OutgoingMessage, Acknowledgement]
  history: [{ before?: number; after?: number }, HistoryPage]
  orders: [object, Answer<Orders>]
  leave_message: [LeftMessage, Answer<Receipt & Ticket>]
  end: [object, Answer<unknown>]
  rate: [Rating, Answer<unknown>]
  skip_survey: [{ id: string }, Answer<unknown>]
  delete_request: [object, Answer<{ ticket: string }>]
}

/** What is told without an answer. */
export interface Signals {
  typing: { on: boolean }
  seen: { seq: number }
}

/** Sent at the handshake: a signed shopper identity, or the visitor token of this browser. */
export interface Credentials {
  token: string | null
  visitor: string | null
  shop?: string
}

export interface ServerEvents {
  welcome: (welcome: Welcome) => void
  message: (message: Message) => void
  state: (state: ServiceState) => void
  typing: (typing: { on: boolean; by?: 'bot' | 'agent' }) => void
  seen: (seen: { by: 'staff'; seq: number }) => void
  survey: (survey: Survey | null) => void
}

export type ClientEvents = {
  [Name in keyof Requests]: (data: Requests[Name][0], acknowledge: (answer: Requests[Name][1]) => void) => void
} & { [Name in keyof Signals]: (data: Signals[Name]) => void }
