import type { Account, Row } from '../protocol'
import { fill, texts } from '../texts'

type Deed = 'accept' | 'transfer' | 'giveBack' | 'end' | 'invite'

interface Situation {
  row: Pick<Row, 'owner' | 'agent' | 'reserved_for' | 'reserved_until'>
  account: Account | null
  online: boolean
  now: number
}

const why = texts.actions.why

export const isMine = ({ owner, agent }: Pick<Row, 'owner' | 'agent'>, account: Account | null): boolean =>
  owner === 'agent' && agent?.id === account?.id

const decides = (account: Account | null): boolean => account?.role === 'supervisor' || account?.role === 'admin'

/** Why a deed is not possible now, null when it is. The service decides in the end; this spares a vain try. */
export function whyNot(deed: Deed, { row, account, online, now }: Situation): string | null {
  if (!online) return why.offline
  if (row.owner === 'closed') return why.closed
  if (deed === 'accept') return whyNotAccept(row, account, now)
  return isMine(row, account) || (decides(account) && row.owner === 'agent') ? null : why.notMine
}

function whyNotAccept(row: Situation['row'], account: Account | null, now: number): string | null {
  if (isMine(row, account)) return why.mine
  if (row.owner === 'agent') return fill(why.agent, { name: row.agent?.name ?? '' })
  if (row.owner === 'bot' && !decides(account)) return why.bot
  const reserved = row.reserved_for !== null && row.reserved_for !== account?.id && Date.parse(row.reserved_until ?? '') > now
  return reserved ? why.reserved : null
}

/** Why nothing can be said to the customer now; notes are always possible. */
export function whySilent(row: Situation['row'], account: Account | null): string | null {
  if (isMine(row, account) || (row.owner === 'agent' && decides(account))) return null
  const reasons = texts.composer.why
  return row.owner === 'agent' ? fill(reasons.agent, { name: row.agent?.name ?? '' }) : reasons[row.owner]
}
