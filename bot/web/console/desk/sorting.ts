import type { Row, View } from '../protocol'

export function belongsTo(row: Row, view: View, me: number | null): boolean {
  if (view === 'closed') return row.owner === 'closed'
  if (view === 'queue') return row.owner === 'queue'
  if (view === 'mine') return row.owner === 'agent' && row.agent?.id === me
  return row.owner !== 'closed'
}

const waits = (row: Row): boolean => row.waiting_since !== null && (row.owner === 'queue' || row.owner === 'agent')
const lastAt = (row: Row): number => Date.parse(row.last?.at ?? row.created_at)

/** Who waits stands first: by urgency, then by how long. The others follow, the latest line first. */
export function byUrgency(a: Row, b: Row): number {
  if (waits(a) !== waits(b)) return waits(a) ? -1 : 1
  if (!waits(a)) return lastAt(b) - lastAt(a)
  if (a.priority !== b.priority) return b.priority - a.priority
  return Date.parse(a.waiting_since ?? '') - Date.parse(b.waiting_since ?? '')
}

export function arranged(rows: Iterable<Row>, view: View, me: number | null): Row[] {
  const shown = [...rows].filter((row) => belongsTo(row, view, me))
  return view === 'closed' ? shown.sort((a, b) => lastAt(b) - lastAt(a)) : shown.sort(byUrgency)
}

/** Whom "accept the next one" takes: the first of the queue that is not offered to a colleague just now. */
export function nextInLine(rows: Iterable<Row>, me: number | null, now: number): Row | undefined {
  const isFree = (row: Row): boolean =>
    row.reserved_for === null ||
    row.reserved_for === me ||
    (row.reserved_until !== null && Date.parse(row.reserved_until) <= now)
  return arranged(rows, 'queue', me).find(isFree)
}
