import type { Message, ServiceState } from './protocol'
import { fill, texts } from './texts'

/** Who says a line; system lines have no speaker. */
export function speakerOf({ role, name }: Pick<Message, 'role' | 'name'>): string {
  if (role === 'customer') return texts.list.you
  if (role === 'agent') return fill(texts.header.agent, { name: name ?? '' }).trim()
  return role === 'bot' ? texts.header.bot : ''
}

/** Who serves the customer now: a machine never passes for a person. */
export function servedBy({ owner, agent_name: name, agent_no: no, position }: ServiceState): string {
  if (owner === 'agent') return fill(no ? texts.header.agentNo : texts.header.agent, { name: name ?? '', no: no ?? '' }).trim()
  if (owner === 'queue') return position ? fill(texts.header.queuePosition, { position }) : texts.header.queue
  return owner === 'closed' ? texts.header.closed : texts.header.bot
}
