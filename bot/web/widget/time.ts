import { fill, texts } from './texts'

/** Milliseconds of silence after which the time is shown again. */
const SILENCE = 5 * 60_000
const DAY = 24 * 60 * 60_000

const startOfDay = (moment: Date): number => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime()
const digits = (...parts: number[]): string[] => parts.map((part) => String(part).padStart(2, '0'))

/** Whether a time line stands between two messages; always before the first one. */
export function needsSeparator(previousAt: string | undefined, at: string): boolean {
  if (previousAt === undefined) return true
  const [previous, current] = [new Date(previousAt), new Date(at)]
  return current.getTime() - previous.getTime() >= SILENCE || startOfDay(current) > startOfDay(previous)
}

/** A time as a shopper says it, in the device's time zone: by the day's name, or its date when that is further away. */
export function formatMoment(at: string, now: Date): string {
  const moment = new Date(at)
  const time = digits(moment.getHours(), moment.getMinutes()).join(':')
  const away = Math.round((startOfDay(moment) - startOfDay(now)) / DAY)
  const named = { '-1': texts.time.yesterday, 0: texts.time.today, 1: texts.time.tomorrow }[away]
  if (named) return fill(named, { time })
  const date = digits(moment.getMonth() + 1, moment.getDate()).join('-')
  return moment.getFullYear() === now.getFullYear() ? `${date} ${time}` : `${moment.getFullYear()}-${date} ${time}`
}
