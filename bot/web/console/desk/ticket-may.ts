import type { Ticket } from '../protocol'
import { texts } from '../texts'

export type Deed = 'solved' | 'unsolved' | 'reopen' | 'merge' | 'reply' | 'report' | 'note'

export interface Means {
  online: boolean
  decides: boolean
}

const UNSETTLED = ['open', 'waiting_customer', 'approved']
const GONE = ['sent', 'applied'] // what the payment side has, it keeps
const ANSWERED_IN_WRITING = ['complaint', 'dispute']
const why = texts.tickets.why

/** What people may do with a ticket beside deciding over it; the service decides in the end. */
export function deedsFor(ticket: Ticket, others: Ticket[]): Deed[] {
  if (ticket.parent_id !== null) return ['note']
  const { status, result_confirmed_at } = ticket
  const deeds: Deed[] = status === 'done' && result_confirmed_at === null ? ['solved', 'unsolved'] : []
  if (status === 'done' || status === 'rejected') deeds.push('reopen')
  if (mergeable(ticket, others).length) deeds.push('merge')
  if (status !== 'withdrawn' && ANSWERED_IN_WRITING.includes(ticket.type)) deeds.push('reply')
  if (status !== 'withdrawn') deeds.push('report')
  return [...deeds, 'note']
}

/** Tickets that may be the same matter: of the same type, and not of another order. */
export function mergeable(ticket: Ticket, others: Ticket[]): Ticket[] {
  const open = ({ status, parent_id, payment }: Ticket): boolean => UNSETTLED.includes(status) && parent_id === null && !GONE.includes(payment)
  if (!open(ticket)) return []
  const sameOrder = ({ order_no }: Ticket): boolean => order_no === null || ticket.order_no === null || order_no === ticket.order_no
  return others.filter((other) => other.id !== ticket.id && open(other) && other.type === ticket.type && sameOrder(other))
}

/** Why a deed is not possible now, null when it is. */
export function whyNot(deed: Deed, ticket: Ticket, { online, decides }: Means): string | null {
  if (!online) return why.offline
  return deed === 'merge' && ticket.amount !== null && !decides ? why.mergeRole : null
}

/** Why a ticket cannot be done yet, null when nothing is lacking. */
export function lacking({ missing_fields }: Ticket): string | null {
  return missing_fields.length ? why.missing : null
}

export const isUnsettled = ({ status }: Ticket): boolean => UNSETTLED.includes(status)
