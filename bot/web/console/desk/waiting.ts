import type { Row } from '../protocol'

export type Band = 'calm' | 'amber' | 'red'

export interface Thresholds {
  amber: number
  red: number
}

/** Whole seconds since an instant, never below zero. */
export function secondsSince(instant: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(instant)) / 1_000))
}

/** How long the customer has waited for an answer of a person; null when nobody waits for one. */
export function waitedSeconds(row: Pick<Row, 'owner' | 'waiting_since'>, now: number): number | null {
  if (row.waiting_since === null || (row.owner !== 'queue' && row.owner !== 'agent')) return null
  return secondsSince(row.waiting_since, now)
}

export function bandOf(seconds: number, { amber, red }: Thresholds): Band {
  if (seconds > red) return 'red'
  return seconds > amber ? 'amber' : 'calm'
}

/** Minutes and seconds, with hours when there are some: `0:07`, `3:20`, `1:02:05`. */
export function clockFace(seconds: number): string {
  const two = (part: number): string => String(part).padStart(2, '0')
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}
