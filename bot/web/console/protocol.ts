/**
 * What travels between the console and the service: JSON over HTTP, and Socket.IO in the namespace `/desk`.
 *
 * Instants are ISO 8601 with offset; amounts decimal strings in yuan; `seq` grows within one sender's history.
 */

import type { Attachment, Card, Message, Owner, Role, Step } from '../widget/protocol'
import type { DutyClock, Ticket } from './ticket-protocol'

export type { Attachment, Card, Message, Owner, Role, Step }
export type { DutyClock, Ticket, TicketDetails, TicketEvent, TicketItem } from './ticket-protocol'

export type View = 'queue' | 'mine' | 'all' | 'closed'

export interface Account {
  id: number
  email: string
  name: string
  role: 'agent' | 'supervisor' | 'admin'
  no: string | null
}

export interface SessionAnswer {
  account: Account
  csrf: string
  shop?: { name: string }
}

export interface Person {
  id: number
  name: string
}

export interface MessagePage {
  messages: Message[]
  has_more: boolean
}

export interface Row {
  id: string
  sender: string
  channel: string
  customer: { name: string | null; level: string } | null
  owner: Owner
  agent: Person | null
  reserved_for: number | null
  reserved_until: string | null
  reason: string | null
  priority: number
  position: number | null
  /** Since when the customer's oldest line waits for an answer. */
  waiting_since: string | null
  last: { role: Role; text: string; at: string } | null
  unread: number
  matter: string | null
  created_at: string
  /** The deadline that runs out first, or ran out longest ago. */
  deadline: DutyClock | null
}

export interface Counts {
  queue: number
  mine: number
  all: number
}

export interface RowPage {
  items: Row[]
  counts: Counts
  /** Where the next page begins, null at the end. */
  next?: string | null
  /** The service's clock, which may differ from this computer's. */
  now?: string
}

/** What the bot knew when it handed over; what is not known is left out. */
export interface Summary {
  text?: string
  reason?: string
  mood?: string
  matter?: string
  order_no?: string | null
  items?: string
  order?: { order_no: string; status: string; paid: string; items: { name: string; quantity: number }[] }
  offered?: { solution: string; terms?: string | string[] }[]
  refused?: { reason: string; text: string }
  declined?: string[]
  pictures?: number
  promises?: { ticket: string | null; type: string; status: string; amount: string | null; due_at: string | null; text?: string }[]
  last_lines?: string[]
}

export interface Note {
  id: number | string
  author: Person | string
  text: string
  at: string
  client_id?: string | null
}

export interface Approval {
  id: string
  kind: 'refund' | 'bargain'
  status: string
  ticket_id: string | null
  conversation_id: string
  amount: string | null
  request: string
  subject: { sku: string; product: string; quantity: number; offered: string } | null
  created_at: string
  due_at: string | null
}

/** Nobody knows whether it arrived; it certainly did not; it goes out when the customer writes. */
export type Doubt = 'unknown' | 'failed' | 'waiting'

export interface Detail extends Row {
  summary: Summary | null
  profile: { name: string | null; level: string; phone: string | null; address: string | null } | null
  orders: Card[]
  tickets: Ticket[]
  approvals: Approval[]
  notes: Note[]
  customer_seen: number | null
  staff_seen: number | null
  agents_viewing: Viewer[]
  undelivered: number | null
  /** What may not have arrived, by the message's number. */
  delivery: Record<string, Doubt>
  /** Names of the goods in the tickets, by number. */
  goods: Record<string, string>
}

export interface Viewer extends Person {
  typing?: boolean
}

export interface Colleague extends Person {
  role: string
  online: boolean
  load: number
}

export interface QuickReply {
  id: string
  group: string
  title: string
  text: string
  pinyin: string
  initials: string
}

export interface QuickReplyList {
  items: QuickReply[]
  shop?: string
}

export interface Outgoing {
  conversation_id: string
  client_id: string
  text: string
  attachments?: string[]
}

/** Why something cannot be promised, and what would be true instead. */
export interface Refusal {
  clause: string
  rule_id: string
  wording: string | null
}

export interface Verdict extends Refusal {
  outcome: 'holds' | 'warn' | 'block'
  kind: string
  due_at: string | null
}

export type Acknowledgement =
  | { ok: true; seq: number; at: string }
  | { ok: false; error: { code: string; message: string; detail?: Refusal } }

export interface TransferOffer {
  conversation_id: string
  from: Person | string | null
  reason: string | null
  until: string
}

export interface ServerEvents {
  row: (row: Row) => void
  gone: (gone: { id: string }) => void
  message: (told: { conversation_id: string; message: Message }) => void
  note: (told: { conversation_id: string; note: Note }) => void
  typing: (told: { conversation_id: string; on: boolean }) => void
  seen: (told: { conversation_id: string; by: 'customer' | 'staff'; seq: number }) => void
  delivery: (told: { conversation_id: string; seq: number; status: string }) => void
  ticket: (told: { conversation_id: string; ticket: Ticket }) => void
  clock: (told: { conversation_id: string; clock: DutyClock }) => void
  approval: (told: { conversation_id: string; approval: Approval }) => void
  viewing: (told: { conversation_id: string; agents: Viewer[] }) => void
  offered: (offer: TransferOffer) => void
  counts: (counts: Counts) => void
}

export interface ClientEvents {
  view: (view: { conversation_id: string | null }) => void
  typing: (told: { conversation_id: string; on: boolean }) => void
  seen: (told: { conversation_id: string; seq: number }) => void
  message: (message: Outgoing, acknowledge: (answer: Acknowledgement) => void) => void
}
