/** What the service tells of tickets and of the deadlines that run for them. */

export interface TicketItem {
  sku: string
  quantity: number
  part?: string
  part_quantity?: number
  gift?: string
}

export interface Ticket {
  id: string
  type: string
  status: string
  /** Of complaints 1, 2, 3 or special; else normal. */
  level: string
  level_reason: string
  priority: string
  stage: string
  /** What has to be asked before it can be done. */
  missing_fields: string[]
  reopened: number
  /** The ticket that it was merged into. */
  parent_id: string | null
  payment: string
  result_confirmed_at: string | null
  order_no: string | null
  items: TicketItem[]
  amount: string | null
  freight_payer: string
  reason: string
  evidence_count: number
  rule_ids: string[]
  created_at: string
  due_at: string | null
  conversation_id: string
}

export interface TicketEvent {
  id: number
  kind: string
  actor: string
  at: string
  status?: string
  detail: Record<string, unknown>
}

export interface TicketDetails extends Ticket {
  contact: string
  details: Record<string, string>
  /** The steps of its type, in order. */
  stages: string[]
  events: TicketEvent[]
  links: { ticket: string; kind: string }[]
  citation: { version: string; text: string; rules: { id: string; clause: string }[] }
}

export interface DutyClock {
  id: string
  rule: string
  title: string
  /** What was promised, in its words, where it is the clock of a promise. */
  promise: string | null
  ticket_id: string | null
  conversation_id: string | null
  due_at: string
  ended_at: string | null
  state: 'running' | 'paused' | 'kept' | 'breached' | 'cancelled'
  /** Of its own time, without pauses, when it was told; below zero when it is over. */
  remaining_seconds: number
  /** The time is a minimum: it is kept by not ending before. */
  at_least: boolean
  time: 'wall' | 'business'
  /** The shares of the time that were warned of, such as 0.50; 1 when a minimum is reached. */
  warned: string[]
  at_risk: { points: number; yuan: string; label: string; effects: string[] }
  citation: string
}
