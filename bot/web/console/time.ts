import { fill, texts } from './texts'

const DAY = 24 * 60 * 60_000
const { time } = texts

const startOfDay = (moment: Date): number => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime()
const daysBetween = (now: Date, moment: Date): number => Math.round((startOfDay(now) - startOfDay(moment)) / DAY)
const two = (part: number): string => String(part).padStart(2, '0')

/** Hours and minutes. */
export function timeOfDay(at: string): string {
  const moment = new Date(at)
  return `${two(moment.getHours())}:${two(moment.getMinutes())}`
}

/** The heading of a day in a conversation. */
export function dayHeading(at: string, now: number): string {
  const [moment, today] = [new Date(at), new Date(now)]
  const ago = daysBetween(today, moment)
  if (ago === 0) return time.today
  if (ago === 1) return time.yesterday
  const template = moment.getFullYear() === today.getFullYear() ? time.thisYear : time.otherYear
  const weekday = time.weekdays.charAt(moment.getDay())
  return fill(template, { year: moment.getFullYear(), month: moment.getMonth() + 1, day: moment.getDate(), weekday })
}

/** As short as it can be: the clock today, the date before. */
export function shortMoment(at: string, now: number): string {
  const [moment, today] = [new Date(at), new Date(now)]
  const ago = daysBetween(today, moment)
  if (ago === 0) return timeOfDay(at)
  if (ago === 1) return time.shortYesterday
  const template = moment.getFullYear() === today.getFullYear() ? time.shortDate : time.shortYear
  return fill(template, { year: moment.getFullYear(), month: two(moment.getMonth() + 1), day: two(moment.getDate()) })
}

/** Date and clock, for deadlines and traces. */
export function stamp(at: string): string {
  const moment = new Date(at)
  return fill(time.stamp, { month: two(moment.getMonth() + 1), day: two(moment.getDate()), time: timeOfDay(at) })
}

/** What is left of a deadline, or by how much it is missed. */
export function remaining(due: string, now: number): { text: string; late: boolean; soon: boolean } {
  const seconds = Math.floor((Date.parse(due) - now) / 1_000)
  const late = seconds < 0
  const size = Math.abs(seconds)
  const [days, hours] = [Math.floor(size / 86_400), Math.floor((size % 86_400) / 3_600)]
  const clock = `${two(Math.floor(size / 3_600))}:${two(Math.floor((size % 3_600) / 60))}:${two(size % 60)}`
  const template = days > 0 ? (late ? time.overdueDays : time.dueDays) : late ? time.overdue : time.due
  return { text: fill(template, { days, hours, time: clock }), late, soon: !late && seconds < 3_600 }
}
