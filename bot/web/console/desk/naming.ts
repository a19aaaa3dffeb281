import type { Approval, Note, Row } from '../protocol'
import type { IconName } from '../components/base/Icon.vue'
import { fill, texts } from '../texts'

type Words = Record<string, string>

/** A code of the service in words; an unknown one stays readable as it is. */
export const inWordsOf = (words: Words, code: string): string => words[code] ?? code

export const ticketType = (type: string): string => inWordsOf(texts.tickets.types, type)

/** What the customer is called at the desk; a stranger by the end of the visitor's number. */
export function customerName({ customer, sender }: Pick<Row, 'customer' | 'sender'>): string {
  return customer?.name ?? fill(texts.list.visitor, { tail: sender.slice(-4) })
}

export function levelOf({ customer }: Pick<Row, 'customer'>): { id: string; title: string } | null {
  if (!customer || customer.level === 'normal') return null
  return { id: customer.level, title: inWordsOf(texts.levels, customer.level) }
}

export function channelOf(channel: string): { icon: IconName; title: string } {
  const icons: Record<string, IconName> = { web: 'web', rest: 'rest', wechat: 'wechat', wecom_kf: 'wechat' }
  return { icon: icons[channel] ?? 'chat', title: (texts.channels as Words)[channel] ?? texts.channels.other }
}

/** Who has the conversation in hand, seen from one account. */
export function handlerOf({ owner, agent }: Pick<Row, 'owner' | 'agent'>, me: number | null): string {
  if (owner !== 'agent') return texts.list.owners[owner]
  return agent?.id === me ? texts.list.me : (agent?.name ?? texts.list.owners.agent)
}

/** The reason when it means that one should hurry. */
export function urgentReason(reason: string | null): string | null {
  return reason === null ? null : ((texts.list.urgent as Words)[reason] ?? null)
}

export const noteAuthor = ({ author }: Note): string => (typeof author === 'string' ? author : author.name)

/** Between which amounts a person may grant; null where no amount is asked for. */
export function grantable({ kind, amount, subject }: Approval): { min: string; max: string } | null {
  if (amount === null) return null
  return kind === 'bargain' && subject ? { min: amount, max: subject.offered } : { min: '0.01', max: amount }
}
