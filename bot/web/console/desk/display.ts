import type { Note } from '../protocol'
import type { Entry } from './timeline'

export type Item =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'new'; key: 'new' }
  | { kind: 'note'; key: string; note: Note }
  | { kind: 'line'; key: string; entry: Entry; head: boolean }

/** Milliseconds of silence after which who speaks, and when, is written again. */
const SILENCE = 5 * 60_000

const dayOf = (at: string): string => {
  const moment = new Date(at)
  return `${moment.getFullYear()}-${moment.getMonth() + 1}-${moment.getDate()}`
}

/** The conversation as it is read: lines by number, notes between them by time, a line for each day and for what is new. */
export function displayed(entries: readonly Entry[], notes: readonly Note[], newFrom: number | null): Item[] {
  const items: Item[] = []
  const waiting = [...notes].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  let day = ''
  let previous: Entry | null = null
  let marked = newFrom === null
  const openDay = (at: string): void => {
    const current = dayOf(at)
    if (current === day) return
    day = current
    previous = null
    items.push({ kind: 'day', key: `day-${current}`, at })
  }
  const putNote = (note: Note): void => {
    openDay(note.at)
    previous = null
    items.push({ kind: 'note', key: `note-${note.client_id ?? note.id}`, note })
  }
  for (const entry of entries) {
    while (waiting[0] && Date.parse(waiting[0].at) < Date.parse(entry.at)) putNote(waiting.shift() as Note)
    openDay(entry.at)
    if (!marked && entry.seq !== null && entry.seq >= (newFrom ?? 0)) {
      marked = true
      previous = null
      items.push({ kind: 'new', key: 'new' })
    }
    items.push({ kind: 'line', key: entry.key, entry, head: !continues(previous, entry) })
    previous = entry
  }
  waiting.forEach(putNote)
  return items.filter(isFirst())
}

/** A day may come back where clocks disagree; its line is written once. */
function isFirst(): (item: Item) => boolean {
  const seen = new Set<string>()
  return ({ key }) => !seen.has(key) && !!seen.add(key)
}

function continues(previous: Entry | null, entry: Entry): boolean {
  return (
    previous?.role === entry.role &&
    previous.name === entry.name &&
    Date.parse(entry.at) - Date.parse(previous.at) < SILENCE
  )
}
