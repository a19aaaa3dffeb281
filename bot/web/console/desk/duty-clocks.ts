import type { DutyClock } from '../protocol'
import { fill, texts } from '../texts'

export type Tone = 'plain' | 'ok' | 'warn' | 'danger'

/** How a deadline stands at one moment: in words, and in the colour of its haste. */
export interface Standing {
  text: string
  tone: Tone
  /** The highest warning that was given, in percent of the time; null when there was none or it is over. */
  warning: number | null
}

const words = texts.tickets.clocks
const HASTE = 75

/** A length of time by its two largest units. */
export function lasting(seconds: number): string {
  const size = Math.abs(Math.trunc(seconds))
  const parts = {
    days: Math.floor(size / 86_400),
    hours: Math.floor((size % 86_400) / 3_600),
    minutes: Math.floor((size % 3_600) / 60),
    seconds: size % 60,
  }
  const { lengths } = words
  const template = parts.days ? lengths.days : parts.hours ? lengths.hours : parts.minutes ? lengths.minutes : lengths.seconds
  return fill(template, parts)
}

/** A running clock is told by when it is due: what the service counted was true only at that instant. */
export function standing(clock: DutyClock, now: number): Standing {
  const left = Math.floor((Date.parse(clock.due_at) - now) / 1_000)
  const over = (text: string, tone: Tone): Standing => ({ text, tone, warning: null })
  if (clock.state === 'kept') return over(words.kept, 'ok')
  if (clock.state === 'cancelled') return over(words.cancelled, 'plain')
  if (clock.state === 'breached') return over(breached(clock, left), 'danger')
  const warning = warned(clock)
  if (clock.state === 'paused') return { text: fill(words.paused, { time: lasting(clock.remaining_seconds) }), tone: 'plain', warning }
  if (clock.at_least) return left > 0 ? over(fill(words.atLeast, { time: lasting(left) }), 'plain') : over(words.reached, 'ok')
  if (left < 0) return over(fill(words.late, { time: lasting(left) }), 'danger')
  return { text: fill(words.left, { time: lasting(left) }), tone: toneOf(warning), warning }
}

/** The list with one clock anew, in the service's order: running ones by what is due next, then the others, then the ended. */
export function merged(clocks: DutyClock[], news: DutyClock): DutyClock[] {
  const known = clocks.find(({ id }) => id === news.id)
  if (known?.ended_at && !news.ended_at) return clocks // what has ended never runs again: the news is older
  return [...clocks.filter(({ id }) => id !== news.id), news].sort(
    (a, b) => rank(a) - rank(b) || Date.parse(a.due_at) - Date.parse(b.due_at) || (a.id < b.id ? -1 : 1),
  )
}

const rank = ({ ended_at, state }: DutyClock): number => (ended_at ? 2 : state === 'running' ? 0 : 1)

function breached(clock: DutyClock, left: number): string {
  return clock.ended_at || clock.at_least || left >= 0 ? words.breached : fill(words.breachedFor, { time: lasting(left) })
}

function warned({ warned: shares }: DutyClock): number | null {
  const highest = Math.max(0, ...shares.map(Number))
  return highest > 0 ? Math.round(highest * 100) : null
}

function toneOf(warning: number | null): Tone {
  if (warning === null) return 'plain'
  return warning > HASTE ? 'danger' : 'warn'
}
