import type { Note } from '../protocol'
import type { Entry } from './timeline'

/**
 * One piece of the conversation as it is read. What stands above it belongs to it (the day, the mark of what is new), so
 * that every piece keeps its key and its place when older ones come in.
 */
export type Item = { key: string; day: string | null; fresh: boolean } & (
  | { kind: 'note'; note: Note }
  | { kind: 'line'; entry: Entry; head: boolean; tail: boolean }
)

/** Milliseconds of silence after which who speaks, and when, is written again. */
const SILENCE = 5 * 60_000

const dayOf = (at: string): string => {
  const moment = new Date(at)
  return `${moment.getFullYear()}-${moment.getMonth() + 1}-${moment.getDate()}`
}

/** Lines by number, notes between them by time. */
export function displayed(entries: readonly Entry[], notes: readonly Note[], newFrom: number | null): Item[] {
  const items: Item[] = []
  const waiting = [...notes].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  let [day, marked] = ['', newFrom === null]
  let previous: Entry | null = null
  const opens = (at: string): string | null => {
    const [before, now] = [day, dayOf(at)]
    day = now
    return before === now ? null : at
  }
  const putNote = (note: Note): void => {
    previous = null
    items.push({ kind: 'note', key: `note-${note.client_id ?? note.id}`, day: opens(note.at), fresh: false, note })
  }
  for (const entry of entries) {
    while (waiting[0] && Date.parse(waiting[0].at) < Date.parse(entry.at)) putNote(waiting.shift() as Note)
    const opened = opens(entry.at)
    const fresh = !marked && entry.seq !== null && entry.seq >= (newFrom ?? 0)
    marked ||= fresh
    const head = opened !== null || fresh || !continues(previous, entry)
    items.push({ kind: 'line', key: entry.key, day: opened, fresh, entry, head, tail: true })
    previous = entry
  }
  waiting.forEach(putNote)
  return items.map((item, place) => (item.kind === 'line' ? { ...item, tail: endsRow(items[place + 1]) } : item))
}

/** Whether nothing more of the same speaker follows. */
const endsRow = (next: Item | undefined): boolean => next?.kind !== 'line' || next.head

function continues(previous: Entry | null, entry: Entry): boolean {
  return (
    previous?.role === entry.role &&
    previous.name === entry.name &&
    Date.parse(entry.at) - Date.parse(previous.at) < SILENCE
  )
}
