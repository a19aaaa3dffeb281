import { fill, texts } from './texts'

/** Milliseconds of silence after which the time is shown again. */
const SILENCE = 5 * 60_000
const DAY = 24 * 60 * 60_000

const startOfDay = (moment: Date): number => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime()

/** Whether a time line stands between two messages; always before the first one. */
export function needsSeparator(previousAt: string | undefined, at: string): boolean {
  if (previousAt === undefined) return true
  const [previous, current] = [new Date(previousAt), new Date(at)]
  return current.getTime() - previous.getTime() >= SILENCE || startOfDay(current) > startOfDay(previous)
}

/** The time as a shopper says it, in the device's time zone: only the clock today, with the date before. */
export function formatMoment(at: string, now: Date): string {
  const moment = new Date(at)
  const time = [moment.getHours(), moment.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':')
  const daysAgo = Math.round((startOfDay(now) - startOfDay(moment)) / DAY)
  if (daysAgo === 0) return time
  if (daysAgo === 1) return fill(texts.time.yesterday, { time })
  const template = moment.getFullYear() === now.getFullYear() ? texts.time.thisYear : texts.time.otherYear
  return fill(template, { year: moment.getFullYear(), month: moment.getMonth() + 1, day: moment.getDate(), time })
}
