import type { TicketEvent } from '../protocol'
import { texts } from '../texts'
import { inWordsOf } from './naming'

const words = texts.tickets.log
/** What an event tells in free words or numbers; the rest is for programs. */
const TOLD = ['reason', 'text', 'why', 'into', 'ticket', 'number', 'amount']

export const deedOf = ({ kind }: TicketEvent): string => inWordsOf(words.kinds, kind)

export const actorOf = ({ actor }: TicketEvent): string => inWordsOf(words.actors, actor)

/** What was said with an event, in one line; empty when nothing was. */
export function toldBy({ detail }: TicketEvent): string {
  const told = TOLD.map((name) => detail[name]).filter((value): value is string => typeof value === 'string' && value !== '')
  const fields = Array.isArray(detail['fields']) ? detail['fields'].map((name) => inWordsOf(texts.tickets.fields.names, String(name))) : []
  return [...told.map((value) => inWordsOf(texts.tickets.causes, value)), ...fields].join(texts.talk.between)
}
