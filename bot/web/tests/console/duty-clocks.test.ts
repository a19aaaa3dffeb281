import { describe, expect, test } from 'vitest'
import { lasting, merged, standing } from '../../console/desk/duty-clocks'
import type { DutyClock } from '../../console/protocol'
import { fill, texts } from '../../console/texts'
import { clock } from './examples'

const words = texts.tickets.clocks
const NOW = Date.parse('2026-05-01T10:00:00+08:00')

describe('a length of time is said by its two largest units', () => {
  test.each([
    [0, fill(words.lengths.seconds, { seconds: 0 })],
    [59, fill(words.lengths.seconds, { seconds: 59 })],
    [61, fill(words.lengths.minutes, { minutes: 1, seconds: 1 })],
    [7_500, fill(words.lengths.hours, { hours: 2, minutes: 5 })],
    [-7_500, fill(words.lengths.hours, { hours: 2, minutes: 5 })],
    [90_000, fill(words.lengths.days, { days: 1, hours: 1 })],
  ])('%s seconds', (seconds, expected) => {
    expect(lasting(seconds)).toBe(expected)
  })
})

describe('how a deadline stands', () => {
  test('ticks towards its end, then by how much it is late', () => {
    const said = (after: number): string => standing(clock(), NOW + after * 1_000).text
    expect(said(0)).toBe(fill(words.left, { time: lasting(7_500) }))
    expect(said(7_440)).toBe(fill(words.left, { time: lasting(60) }))
    expect(said(7_560)).toBe(fill(words.late, { time: lasting(60) }))
    expect(standing(clock(), NOW + 7_560_000).tone).toBe('danger')
  })

  test.each([
    [[], null, 'plain'],
    [['0.50'], 50, 'warn'],
    [['0.50', '0.75'], 75, 'warn'],
    [['0.50', '0.75', '0.90'], 90, 'danger'],
  ] as const)('warned %s: %s %%, %s', (warned, warning, tone) => {
    expect(standing(clock({ warned: [...warned] }), NOW)).toMatchObject({ warning, tone })
  })

  test('a paused one keeps what was left, however late it is now', () => {
    const paused = clock({ state: 'paused' })
    expect(standing(paused, NOW + 999_000_000).text).toBe(fill(words.paused, { time: lasting(7_500) }))
  })

  test.each([
    ['kept', words.kept, 'ok'],
    ['cancelled', words.cancelled, 'plain'],
    ['breached', words.breached, 'danger'],
  ] as const)('%s is over and no longer ticks', (state, text, tone) => {
    expect(standing(clock({ state, ended_at: '2026-05-01T13:00:00+08:00' }), NOW + 9_000_000)).toEqual({ text, tone, warning: null })
  })

  test('a breached one that nobody ended yet says for how long', () => {
    expect(standing(clock({ state: 'breached' }), NOW + 7_560_000).text).toBe(fill(words.breachedFor, { time: lasting(60) }))
  })

  test('a minimum is good when it is reached', () => {
    const least = clock({ at_least: true, warned: ['0.50', '0.75', '0.90', '1'] })
    expect(standing(least, NOW).text).toBe(fill(words.atLeast, { time: lasting(7_500) }))
    expect(standing(least, NOW + 7_560_000)).toMatchObject({ text: words.reached, tone: 'ok' })
  })
})

describe('news of a clock', () => {
  const later = clock({ id: 'c2', due_at: '2026-05-02T12:00:00+08:00' })
  const ids = (clocks: DutyClock[]): string[] => clocks.map(({ id }) => id)

  test('replaces the one it is about, and takes a new one in by what is due next', () => {
    const warned = merged([clock(), later], clock({ warned: ['0.50'] }))
    expect(warned.map(({ warned }) => warned)).toEqual([['0.50'], []])
    expect(ids(merged([clock(), later], clock({ id: 'c0', due_at: '2026-05-01T11:00:00+08:00' })))).toEqual(['c0', 'c1', 'c2'])
  })

  test('puts paused ones behind those that run, and ended ones last', () => {
    const paused = merged([clock(), later], clock({ state: 'paused' }))
    expect(ids(paused)).toEqual(['c2', 'c1'])
    expect(ids(merged(paused, clock({ ...later, state: 'kept', ended_at: '2026-05-01T10:00:00+08:00' })))).toEqual(['c1', 'c2'])
  })

  test('that is older than the end is passed over', () => {
    const ended = [clock({ state: 'kept', ended_at: '2026-05-01T10:00:00+08:00' })]
    expect(merged(ended, clock())).toEqual(ended)
  })
})
